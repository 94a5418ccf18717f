#!/usr/bin/env python
"""Django's command line; the settings are the production ones unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
import sys

from django.core.management import execute_from_command_line

from config.environment import load_settings

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    load_settings()
    execute_from_command_line(sys.argv)
