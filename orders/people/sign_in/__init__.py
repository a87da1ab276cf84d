"""Who may sign in and stay signed in: what the portal asks of django-allauth, and adds to it."""
