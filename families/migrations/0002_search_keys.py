import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

OF_FAMILIES = """
    INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,
        institution_id, department_id, curator_id, is_restricted)
    SELECT id, NULL, true, search_text || ' ' || registry_number, '',
        institution_id, department_id, curator_id, is_restricted
    FROM families_family
"""
OF_MEMBERS = """
    INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,
        institution_id, department_id, curator_id, is_restricted)
    SELECT family.id, member.id, false, person.search_text, person.snils,
        family.institution_id, family.department_id, family.curator_id, family.is_restricted
    FROM families_familymembership AS member
    JOIN families_family AS family ON family.id = member.family_id
    JOIN families_person AS person ON person.id = member.person_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_units_people_journal"),
        ("families", "0001_families_people_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("family_id", models.BigIntegerField()),
                ("membership_id", models.BigIntegerField(null=True)),
                ("is_title", models.BooleanField()),
                ("text", models.TextField(db_collation="C")),
                ("snils", models.CharField(max_length=11)),
                ("institution_id", models.BigIntegerField()),
                ("department_id", models.BigIntegerField()),
                ("curator_id", models.BigIntegerField(null=True)),
                ("is_restricted", models.BooleanField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.RunSQL([OF_FAMILIES, OF_MEMBERS], migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name="family",
            name="family_search",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_search",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_name",
        ),
        migrations.RemoveIndex(
            model_name="person",
            name="person_by_phone_tail",
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("phone", ""), _negated=True), fields=["region", "phone"], name="person_by_phone"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="family",
            trigger=pgtrigger.compiler.Trigger(
                name="add_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,\n            institution_id, department_id, curator_id, is_restricted)\n        SELECT id, NULL, true, search_text || ' ' || registry_number, '',\n            institution_id, department_id, curator_id, is_restricted\n        FROM fresh; RETURN NULL;",
                    hash="6ba515b92d7065900e4cd8f04ed6a0994d085bfc",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_add_search_keys_ed97b",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="families_family",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="family",
            trigger=pgtrigger.compiler.Trigger(
                name="change_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="UPDATE families_searchkey AS kept\n        SET institution_id = fresh.institution_id, department_id = fresh.department_id,\n            curator_id = fresh.curator_id, is_restricted = fresh.is_restricted,\n            text = CASE WHEN kept.is_title THEN fresh.search_text || ' ' || fresh.registry_number ELSE kept.text END\n        FROM fresh JOIN stale USING (id)\n        WHERE kept.family_id = fresh.id\n            AND (fresh.institution_id, fresh.department_id, fresh.curator_id, fresh.is_restricted,\n                fresh.search_text, fresh.registry_number)\n            IS DISTINCT FROM (stale.institution_id, stale.department_id, stale.curator_id, stale.is_restricted,\n                stale.search_text, stale.registry_number); RETURN NULL;",
                    hash="a6e7bbdbbe37f6c13cb9bca054577803d2ac15f0",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_change_search_keys_71dba",
                    referencing="REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ",
                    table="families_family",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="family",
            trigger=pgtrigger.compiler.Trigger(
                name="remove_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="DELETE FROM families_searchkey AS kept USING stale WHERE kept.family_id = stale.id; RETURN NULL;",
                    hash="3d48eb0499b2831e49e3e60c567ab763d3c3e84a",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_remove_search_keys_2809b",
                    referencing="REFERENCING OLD TABLE AS stale ",
                    table="families_family",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familymembership",
            trigger=pgtrigger.compiler.Trigger(
                name="add_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="INSERT INTO families_searchkey (family_id, membership_id, is_title, text, snils,\n            institution_id, department_id, curator_id, is_restricted)\n        SELECT family.id, fresh.id, false, person.search_text, person.snils,\n            family.institution_id, family.department_id, family.curator_id, family.is_restricted\n        FROM fresh\n        JOIN families_family AS family ON family.id = fresh.family_id\n        JOIN families_person AS person ON person.id = fresh.person_id\n        FOR NO KEY UPDATE OF family, person; RETURN NULL;",
                    hash="46fc5488c6774935884b32f318696601550e2df5",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_add_search_keys_4d2f9",
                    referencing="REFERENCING NEW TABLE AS fresh ",
                    table="families_familymembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familymembership",
            trigger=pgtrigger.compiler.Trigger(
                name="change_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="UPDATE families_searchkey AS kept\n        SET family_id = family.id, text = person.search_text, snils = person.snils,\n            institution_id = family.institution_id, department_id = family.department_id,\n            curator_id = family.curator_id, is_restricted = family.is_restricted\n        FROM fresh JOIN stale USING (id)\n        JOIN families_family AS family ON family.id = fresh.family_id\n        JOIN families_person AS person ON person.id = fresh.person_id\n        WHERE kept.membership_id = fresh.id\n            AND (fresh.family_id, fresh.person_id) IS DISTINCT FROM (stale.family_id, stale.person_id); RETURN NULL;",
                    hash="c93dc781b0d4cc4fdcef16422f69a16b68e2e7c2",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_change_search_keys_e1988",
                    referencing="REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ",
                    table="families_familymembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="familymembership",
            trigger=pgtrigger.compiler.Trigger(
                name="remove_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="DELETE FROM families_searchkey AS kept USING stale WHERE kept.membership_id = stale.id; RETURN NULL;",
                    hash="751cb803b64b1ae73aa5bbc7483fee07a8ebb55b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_remove_search_keys_69306",
                    referencing="REFERENCING OLD TABLE AS stale ",
                    table="families_familymembership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="person",
            trigger=pgtrigger.compiler.Trigger(
                name="change_search_keys",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="UPDATE families_searchkey AS kept SET text = fresh.search_text, snils = fresh.snils\n        FROM fresh JOIN stale USING (id)\n        JOIN families_familymembership AS membership ON membership.person_id = fresh.id\n        WHERE kept.membership_id = membership.id AND fresh.search_text <> stale.search_text; RETURN NULL;",
                    hash="5aaea045d4d48ee734859a065bab67e1f03adfb8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_change_search_keys_0b152",
                    referencing="REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ",
                    table="families_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                condition=models.Q(("is_restricted", False)),
                fields=["institution_id", "is_title", "text"],
                include=("membership_id", "family_id"),
                name="search_keys_of_institution",
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                condition=models.Q(("is_restricted", False)),
                fields=["department_id", "is_title", "text"],
                include=("membership_id", "family_id"),
                name="search_keys_of_department",
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                condition=models.Q(("is_restricted", False)),
                fields=["curator_id", "is_title", "text"],
                include=("membership_id", "family_id"),
                name="search_keys_of_curator",
            ),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(fields=["family_id"], name="search_keys_of_family"),
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=models.Index(
                condition=models.Q(("snils", ""), _negated=True), fields=["snils"], name="search_keys_by_snils"
            ),
        ),
        migrations.AddConstraint(
            model_name="searchkey",
            constraint=models.UniqueConstraint(fields=("membership_id",), name="search_key_once_per_member"),
        ),
    ]
