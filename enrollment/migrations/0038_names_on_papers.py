
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0037_case_term'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='bureau',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='bureau',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='bureau',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='institution',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='institution',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='institution',
            name='insert_insert',
        ),
        migrations.AddField(
            model_name='bureau',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', help_text='Papers name it, so that people know where to come.', max_length=120, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='bureau',
            name='court',
            field=models.CharField(blank=True, db_default='', default='', help_text='By its full name. A penalty cannot be decided without it.', max_length=80, verbose_name='court for administrative lawsuits'),
        ),
        migrations.AddField(
            model_name='bureau',
            name='fine_account',
            field=models.CharField(blank=True, db_default='', default='', help_text="Payee, bank and number of the treasury's account, as decisions name it.", max_length=200, verbose_name='account for fines'),
        ),
        migrations.AddField(
            model_name='bureau',
            name='fund_account',
            field=models.CharField(blank=True, db_default='', default='', help_text='Payee, bank and number of the account that recoveries and benefits return to.', max_length=200, verbose_name='account for money of the fund'),
        ),
        migrations.AddField(
            model_name='bureau',
            name='government',
            field=models.CharField(blank=True, db_default='', default='', help_text='By its full name. Left empty, it is the government of the county or city.', max_length=80, verbose_name='government that hears reconsiderations'),
        ),
        migrations.AddField(
            model_name='bureau',
            name='phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='telephone'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', help_text='Papers name it, so that people know where to come.', max_length=120, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='court',
            field=models.CharField(blank=True, db_default='', default='', help_text='By its full name. A penalty cannot be decided without it.', max_length=80, verbose_name='court for administrative lawsuits'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='fine_account',
            field=models.CharField(blank=True, db_default='', default='', help_text="Payee, bank and number of the treasury's account, as decisions name it.", max_length=200, verbose_name='account for fines'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='fund_account',
            field=models.CharField(blank=True, db_default='', default='', help_text='Payee, bank and number of the account that recoveries and benefits return to.', max_length=200, verbose_name='account for money of the fund'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='government',
            field=models.CharField(blank=True, db_default='', default='', help_text='By its full name. Left empty, it is the government of the county or city.', max_length=80, verbose_name='government that hears reconsiderations'),
        ),
        migrations.AddField(
            model_name='bureauevent',
            name='phone',
            field=models.CharField(blank=True, db_default='', default='', max_length=40, verbose_name='telephone'),
        ),
        migrations.AddField(
            model_name='institution',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', help_text='As on its licence; a penalty decision must name it.', max_length=200, verbose_name='address'),
        ),
        migrations.AddField(
            model_name='institutionevent',
            name='address',
            field=models.CharField(blank=True, db_default='', default='', help_text='As on its licence; a penalty decision must name it.', max_length=200, verbose_name='address'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bureau',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."clerk_check_is_first_review" IS DISTINCT FROM (NEW."clerk_check_is_first_review") OR OLD."court" IS DISTINCT FROM (NEW."court") OR OLD."division_id" IS DISTINCT FROM (NEW."division_id") OR OLD."fine_account" IS DISTINCT FROM (NEW."fine_account") OR OLD."fund_account" IS DISTINCT FROM (NEW."fund_account") OR OLD."government" IS DISTINCT FROM (NEW."government") OR OLD."idle_minutes" IS DISTINCT FROM (NEW."idle_minutes") OR OLD."is_demonstration" IS DISTINCT FROM (NEW."is_demonstration") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."scheme" IS DISTINCT FROM (NEW."scheme"))', func='INSERT INTO "enrollment_bureauevent" ("address", "clerk_check_is_first_review", "court", "division_id", "fine_account", "fund_account", "government", "id", "idle_minutes", "is_demonstration", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "scheme") VALUES (OLD."address", OLD."clerk_check_is_first_review", OLD."court", OLD."division_id", OLD."fine_account", OLD."fund_account", OLD."government", OLD."id", OLD."idle_minutes", OLD."is_demonstration", OLD."name", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."phone", OLD."scheme"); RETURN NULL;', hash='4cd4cd2db39a1c795ac8e20ddb6066b5ed00f7e3', operation='UPDATE OF "name", "division_id", "address", "phone", "government", "court", "fine_account", "fund_account", "scheme", "clerk_check_is_first_review", "idle_minutes", "is_demonstration"', pgid='pgtrigger_update_update_3706c', table='enrollment_bureau', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bureau',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_bureauevent" ("address", "clerk_check_is_first_review", "court", "division_id", "fine_account", "fund_account", "government", "id", "idle_minutes", "is_demonstration", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "scheme") VALUES (OLD."address", OLD."clerk_check_is_first_review", OLD."court", OLD."division_id", OLD."fine_account", OLD."fund_account", OLD."government", OLD."id", OLD."idle_minutes", OLD."is_demonstration", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."scheme"); RETURN NULL;', hash='d4297ac1df00658fa916701c6c82741474ce00e4', operation='DELETE', pgid='pgtrigger_delete_delete_cf66d', table='enrollment_bureau', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bureau',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_bureauevent" ("address", "clerk_check_is_first_review", "court", "division_id", "fine_account", "fund_account", "government", "id", "idle_minutes", "is_demonstration", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "scheme") VALUES (NEW."address", NEW."clerk_check_is_first_review", NEW."court", NEW."division_id", NEW."fine_account", NEW."fund_account", NEW."government", NEW."id", NEW."idle_minutes", NEW."is_demonstration", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."scheme"); RETURN NULL;', hash='e13593f01d767af69fa01e9e4a7d647ed0fea9b4', operation='INSERT', pgid='pgtrigger_insert_insert_b5eae', table='enrollment_bureau', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='institution',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."account_name" IS DISTINCT FROM (NEW."account_name") OR OLD."account_no" IS DISTINCT FROM (NEW."account_no") OR OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."credit_code" IS DISTINCT FROM (NEW."credit_code") OR OLD."division_id" IS DISTINCT FROM (NEW."division_id") OR OLD."in_county" IS DISTINCT FROM (NEW."in_county") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."parent_id" IS DISTINCT FROM (NEW."parent_id"))', func='INSERT INTO "enrollment_institutionevent" ("account_name", "account_no", "address", "code", "credit_code", "division_id", "id", "in_county", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."account_name", OLD."account_no", OLD."address", OLD."code", OLD."credit_code", OLD."division_id", OLD."id", OLD."in_county", OLD."kind", OLD."level", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'update\', OLD."id"); RETURN NULL;', hash='2f879b1eff9b02ae8addad8a7f62b7ba8bb41611', operation='UPDATE OF "code", "name", "credit_code", "address", "kind", "level", "division_id", "in_county", "parent_id", "account_no", "account_name"', pgid='pgtrigger_update_update_ff157', table='enrollment_institution', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='institution',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_institutionevent" ("account_name", "account_no", "address", "code", "credit_code", "division_id", "id", "in_county", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."account_name", OLD."account_no", OLD."address", OLD."code", OLD."credit_code", OLD."division_id", OLD."id", OLD."in_county", OLD."kind", OLD."level", OLD."name", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='a1c9bdb6c587a076ffcb48a926c1e0b24a19651e', operation='DELETE', pgid='pgtrigger_delete_delete_53a59', table='enrollment_institution', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='institution',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "enrollment_institutionevent" ("account_name", "account_no", "address", "code", "credit_code", "division_id", "id", "in_county", "kind", "level", "name", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."account_name", NEW."account_no", NEW."address", NEW."code", NEW."credit_code", NEW."division_id", NEW."id", NEW."in_county", NEW."kind", NEW."level", NEW."name", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='d6ceb456cd82d592fe3d8b490133fb01bc9f5771', operation='INSERT', pgid='pgtrigger_insert_insert_5086d', table='enrollment_institution', when='AFTER')),
        ),
    ]
