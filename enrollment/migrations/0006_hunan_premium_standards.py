"""Premium standards as published in Hunan, unconfirmed until the bureau sees its own paper.

How the tiers share the fiscal part is not published for this county, so it stands as one sum.
"""

from decimal import Decimal

from django.db import migrations

# year: (personal, fiscal or None where no figure is published, source)
STANDARDS = {
    2023: ("350", "640", "湖南省2023年度城乡居民医保缴费公告：个人350元，财政补助不低于640元；待本局核对"),
    2024: ("380", "670", "湖南省2024年度城乡居民医保缴费公告：个人380元；财政补助按国家2024年标准670元；待本局核对"),
    2025: ("400", None, "湖南省2025年度城乡居民医保缴费公告：个人400元；财政补助待本局核对"),
    2026: ("400", "700", "湖南省2026年度城乡居民医保缴费公告：个人400元，财政补助700元；待本局核对"),
}


def add_standards(apps, _schema_editor):
    Standard = apps.get_model("enrollment", "PremiumStandard")
    Subsidy = apps.get_model("enrollment", "PremiumSubsidy")
    for year, (personal, fiscal, source) in STANDARDS.items():
        standard, created = Standard.objects.get_or_create(
            year=year,
            defaults={"personal": Decimal(personal), "source": source, "confirmed": False},
        )
        if created and fiscal is not None:
            Subsidy.objects.create(standard=standard, tier="together", amount=Decimal(fiscal))


def remove_unconfirmed(apps, _schema_editor):
    Standard = apps.get_model("enrollment", "PremiumStandard")
    for year, (_personal, _fiscal, source) in STANDARDS.items():
        Standard.objects.filter(year=year, source=source, confirmed=False).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('enrollment', '0005_subsidy_of_all_tiers_together'),
    ]

    operations = [migrations.RunPython(add_standards, remove_unconfirmed)]
