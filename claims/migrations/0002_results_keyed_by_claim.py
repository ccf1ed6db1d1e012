import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0001_claims_settlement_ledger_payments'),
    ]

    operations = [
        migrations.DeleteModel(
            name='AccumulatorMovement',
        ),
        migrations.DeleteModel(
            name='LayerPayment',
        ),
        migrations.DeleteModel(
            name='SettledClaim',
        ),
        migrations.CreateModel(
            name='SettledClaim',
            fields=[
                ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='settled', serialize=False, to='claims.claim', verbose_name='claim')),
                ('source', models.CharField(choices=[('window', 'window: the resident is paid'), ('upload', 'upload: the institution is paid')], max_length=10, verbose_name='source')),
                ('year', models.PositiveSmallIntegerField(verbose_name='benefit year')),
                ('total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='total cost')),
                ('in_policy', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='in-policy cost')),
                ('paid', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid by all layers')),
                ('personal', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='personal share')),
                ('steps', models.TextField(verbose_name='steps')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrollment.institution')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enrollment.person')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='settled', to='claims.settlementrun', verbose_name='run')),
            ],
            options={
                'verbose_name': 'settled claim',
                'verbose_name_plural': 'settled claims',
            },
        ),
        migrations.CreateModel(
            name='LayerPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('layer', models.CharField(max_length=30, verbose_name='layer')),
                ('payer', models.CharField(choices=[('fund', 'basic insurance fund'), ('critical_insurer', 'critical-illness insurer'), ('medical_aid', 'medical aid fund'), ('county_treasury', 'county treasury'), ('hospital_waiver', 'hospital waiver')], max_length=20, verbose_name='payer')),
                ('policy', models.CharField(max_length=80, verbose_name='policy')),
                ('paid', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid')),
                ('settled', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='layers', to='claims.settledclaim', verbose_name='settled claim')),
            ],
            options={
                'verbose_name': 'layer payment',
                'verbose_name_plural': 'layer payments',
            },
        ),
        migrations.CreateModel(
            name='AccumulatorMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='benefit year')),
                ('counter', models.CharField(max_length=40, verbose_name='counter')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='enrollment.person')),
                ('settled', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='claims.settledclaim')),
            ],
            options={
                'verbose_name': 'accumulator movement',
                'verbose_name_plural': 'accumulator movements',
            },
        ),
        migrations.AddIndex(
            model_name='settledclaim',
            index=models.Index(fields=['run', 'institution'], name='settled_run_institution'),
        ),
        migrations.AddConstraint(
            model_name='settledclaim',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(models.F('paid'), '+', models.F('personal'))), ('paid__gte', 0), ('personal__gte', 0)), name='settled_conserves'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settledclaim',
            trigger=pgtrigger.compiler.Trigger(name='settled_claim_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ff84829d8e2d95991a6b87a11d7a921a7fbf5353', operation='UPDATE OR DELETE', pgid='pgtrigger_settled_claim_append_only_d388d', table='claims_settledclaim', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='layerpayment',
            constraint=models.UniqueConstraint(fields=('settled', 'layer'), name='one_payment_per_layer'),
        ),
        migrations.AddConstraint(
            model_name='layerpayment',
            constraint=models.CheckConstraint(condition=models.Q(('paid__gt', 0)), name='layer_pays_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='layerpayment',
            trigger=pgtrigger.compiler.Trigger(name='layer_payment_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='45202f6fd8d0df15cc37c06c1c8b65f00a06f913', operation='UPDATE OR DELETE', pgid='pgtrigger_layer_payment_append_only_dfe39', table='claims_layerpayment', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='accumulatormovement',
            index=models.Index(fields=['person', 'year'], name='movement_person_year'),
        ),
        migrations.AddConstraint(
            model_name='accumulatormovement',
            constraint=models.UniqueConstraint(fields=('settled', 'counter'), name='one_movement_per_counter'),
        ),
        migrations.AddConstraint(
            model_name='accumulatormovement',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='movement_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accumulatormovement',
            trigger=pgtrigger.compiler.Trigger(name='accumulator_movement_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='479ee2c3517061f38cd575c56c9c83745e8dee9b', operation='UPDATE OR DELETE', pgid='pgtrigger_accumulator_movement_append_only_ddd79', table='claims_accumulatormovement', when='BEFORE')),
        ),
    ]
