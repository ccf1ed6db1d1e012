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

__all__ = ["LAYER_KINDS", "Layer"]
