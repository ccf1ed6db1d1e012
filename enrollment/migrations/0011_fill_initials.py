"""The initials of the residents already on file, batch by batch: a county is too large for one.

Each batch is a transaction of its own and leaves out what has initials already, so that an
interrupted migration goes on where it stopped.
"""

from functools import lru_cache
from unicodedata import normalize

from django.db import migrations, transaction
from pypinyin import Style, pinyin

BATCH = 20_000


@lru_cache(maxsize=None)
def letters_of(character):
    plain = normalize('NFD', character)[0].upper()
    if plain.isascii():
        return plain if plain.isalpha() else ''
    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors='ignore')
    found = [normalize('NFD', reading)[:1].upper() for reading in (readings[0] if readings else ())]
    return ''.join(dict.fromkeys(one for one in found if one.isascii() and one.isalpha()))[:4]


def initials_of(name):
    known = [letters for letters in map(letters_of, name) if letters][:12]
    if not known:
        return ''
    rest = ''.join(letters[0] for letters in known[1:])
    return ' '.join(letter + rest for letter in known[0])


def fill(apps, schema_editor):
    Person = apps.get_model('enrollment', 'Person')
    last = 0
    while True:
        rows = list(
            Person.objects.filter(id__gt=last).order_by('id').values_list('id', 'name')[:BATCH]
        )
        if not rows:
            return
        names = {}
        for _pk, name in rows:
            names.setdefault(name, initials_of(name))
        with transaction.atomic(), schema_editor.connection.cursor() as cursor:
            cursor.execute(
                'UPDATE enrollment_person AS p SET initials = n.initials'
                ' FROM unnest(%s::text[], %s::text[]) AS n (name, initials)'
                " WHERE p.id BETWEEN %s AND %s AND p.initials = '' AND p.name = n.name"
                " AND n.initials <> ''",
                [list(names), list(names.values()), rows[0][0], rows[-1][0]],
            )
        last = rows[-1][0]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('enrollment', '0010_initials_of_names'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
