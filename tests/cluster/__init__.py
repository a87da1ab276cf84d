"""The portal as on servers, by processes of this machine: `make cluster`, and what it does under harm."""
