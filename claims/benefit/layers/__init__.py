"""The layer kinds a scheme may be made of. A new kind of structure is a new class here."""

from claims.benefit.layers.aid import MedicalAidLayer
from claims.benefit.layers.base import Layer
from claims.benefit.layers.basic import BasicLayer
from claims.benefit.layers.critical import CriticalIllnessLayer
from claims.benefit.layers.guarantee import GuaranteeLayer
from claims.benefit.layers.supplementary import SupplementaryLayer

LAYER_KINDS: dict[str, type[Layer]] = {
    kind.KIND: kind
    for kind in (
        BasicLayer,
        CriticalIllnessLayer,
        MedicalAidLayer,
        GuaranteeLayer,
        SupplementaryLayer,
    )
}

# The counters, of whatever layer, that say what it has paid: `<layer>.<counter>`.
PAID_COUNTERS = sorted(
    {name for kind in LAYER_KINDS.values() for name in kind.PAID_COUNTERS}
    | {name for kind in LAYER_KINDS.values() for name in kind.MORE_PAID_COUNTERS}
)

__all__ = ["LAYER_KINDS", "PAID_COUNTERS", "Layer"]
