"""What claims show in the header and on the work desk."""

from claims.payments import screens as payment_screens
from claims.settlement import screens as settlement_screens

settlement_screens.register()
payment_screens.register()
