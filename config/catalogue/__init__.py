"""The catalogue of translations: gathered from the sources, merged, compiled, checked.

Babel does the work (GNU gettext would need root to install). The tools are those of the
test command, so the portal in production imports nothing from here.
"""
