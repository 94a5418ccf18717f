"""What is searched by fragments needs finer statistics than a hundred sampled texts: a name that one person in two
hundred bears looked rarer than it is, and a search in a department's scope went through all of them.
"""

from django.db import migrations

SEARCHED = ("families_person", "families_family")


class Migration(migrations.Migration):
    dependencies = [("families", "0001_families_people_consents")]

    operations = [
        migrations.RunSQL(
            [f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS 1000" for table in SEARCHED],
            [f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS -1" for table in SEARCHED],
        )
    ]
