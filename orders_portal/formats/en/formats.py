"""Days and times are written and read alike in every kind of English: ISO 8601 first, as browsers send it."""

from django.conf import global_settings

DATE_FORMAT = global_settings.DATE_FORMAT
TIME_FORMAT = global_settings.TIME_FORMAT
DATETIME_FORMAT = global_settings.DATETIME_FORMAT
YEAR_MONTH_FORMAT = global_settings.YEAR_MONTH_FORMAT
MONTH_DAY_FORMAT = global_settings.MONTH_DAY_FORMAT
SHORT_DATE_FORMAT = global_settings.SHORT_DATE_FORMAT
SHORT_DATETIME_FORMAT = global_settings.SHORT_DATETIME_FORMAT
FIRST_DAY_OF_WEEK = global_settings.FIRST_DAY_OF_WEEK
DATE_INPUT_FORMATS = global_settings.DATE_INPUT_FORMATS
TIME_INPUT_FORMATS = global_settings.TIME_INPUT_FORMATS
DATETIME_INPUT_FORMATS = global_settings.DATETIME_INPUT_FORMATS
DECIMAL_SEPARATOR = global_settings.DECIMAL_SEPARATOR
THOUSAND_SEPARATOR = global_settings.THOUSAND_SEPARATOR
NUMBER_GROUPING = 3
