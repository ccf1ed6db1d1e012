import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0002_results_keyed_by_claim'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankReturn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('read_at', models.DateTimeField(verbose_name='read at')),
                ('paid_count', models.PositiveIntegerField(verbose_name='paid orders')),
                ('paid_total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='paid amount')),
                ('failed_count', models.PositiveIntegerField(verbose_name='failed orders')),
            ],
            options={
                'verbose_name': 'bank return',
                'verbose_name_plural': 'bank returns',
            },
        ),
        migrations.CreateModel(
            name='HeldClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=30, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=300, verbose_name='details')),
                ('is_error', models.BooleanField(default=False, verbose_name='failed')),
                ('at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'verbose_name': 'held claim',
                'verbose_name_plural': 'held claims',
            },
        ),
        migrations.CreateModel(
            name='SettlementShard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('first_person', models.BigIntegerField()),
                ('last_person', models.BigIntegerField()),
                ('reached', models.BigIntegerField()),
                ('done', models.PositiveIntegerField(default=0, verbose_name='claims done')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'part of a settlement run',
                'verbose_name_plural': 'parts of settlement runs',
            },
        ),
        migrations.RemoveConstraint(
            model_name='ordershare',
            name='one_share_per_layer',
        ),
        migrations.RemoveIndex(
            model_name='claim',
            name='claim_to_settle',
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='created_at',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='made at'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='ordered_by',
            field=models.ForeignKey(blank=True, help_text='Empty when the settlement made the order.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ordered again by'),
        ),
        migrations.AddField(
            model_name='settlementrun',
            name='progressed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last progress at'),
        ),
        migrations.AlterField(
            model_name='batchtransition',
            name='actor',
            field=models.ForeignKey(db_index=False, help_text='Empty when the nightly settlement did it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='entered_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AlterField(
            model_name='claim',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='enrollment.person', verbose_name='resident'),
        ),
        migrations.AlterField(
            model_name='claimtransition',
            name='actor',
            field=models.ForeignKey(db_index=False, help_text='Empty when the nightly settlement did it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='source_key',
            field=models.CharField(db_collation='C', max_length=80, verbose_name='record'),
        ),
        migrations.AlterField(
            model_name='ordershare',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='claims.paymentorder', verbose_name='order'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('state', 'approved')), fields=['person'], name='claim_to_settle'),
        ),
        migrations.AddConstraint(
            model_name='ordershare',
            constraint=models.UniqueConstraint(fields=('order', 'layer', 'payer'), name='one_share_per_layer_and_payer'),
        ),
        migrations.AddField(
            model_name='bankreturn',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='claims.paymentbatch', verbose_name='batch'),
        ),
        migrations.AddField(
            model_name='bankreturn',
            name='read_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='read by'),
        ),
        migrations.AddField(
            model_name='heldclaim',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='claims.claim', verbose_name='claim'),
        ),
        migrations.AddField(
            model_name='heldclaim',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='held', to='claims.settlementrun', verbose_name='run'),
        ),
        migrations.AddField(
            model_name='settlementshard',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shards', to='claims.settlementrun', verbose_name='run'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bankreturn',
            trigger=pgtrigger.compiler.Trigger(name='bank_return_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a7c13399de88b766a50b752a038a958df7e6a731', operation='UPDATE OR DELETE', pgid='pgtrigger_bank_return_append_only_e9fc0', table='claims_bankreturn', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='heldclaim',
            trigger=pgtrigger.compiler.Trigger(name='held_claim_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2365fd84485ad2a07ec6ca7e7da8069eacfdf464', operation='UPDATE OR DELETE', pgid='pgtrigger_held_claim_append_only_95b40', table='claims_heldclaim', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='settlementshard',
            constraint=models.UniqueConstraint(fields=('run', 'number'), name='one_shard_per_number'),
        ),
    ]
