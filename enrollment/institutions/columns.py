"""The columns of the institutions file and what its words mean."""

from enrollment.institutions.models import Institution
from enrollment.sheets import Column

CODE = Column("code", "机构编码", required=True)
NAME = Column("name", "机构名称", required=True)
CREDIT_CODE = Column("credit_code", "统一社会信用代码")
KIND = Column("kind", "类别", required=True)
LEVEL = Column("level", "级别")
DIVISION = Column("division", "行政区划")
PARENT = Column("parent", "上级机构")
AGREEMENT_FROM = Column("agreement_from", "协议起")
AGREEMENT_TO = Column("agreement_to", "协议止")
ACCOUNT_NO = Column("account_no", "银行账号")
ACCOUNT_NAME = Column("account_name", "开户名")
ADDRESS = Column("address", "地址")

COLUMNS = (
    CODE,
    NAME,
    CREDIT_CODE,
    KIND,
    LEVEL,
    DIVISION,
    PARENT,
    AGREEMENT_FROM,
    AGREEMENT_TO,
    ACCOUNT_NO,
    ACCOUNT_NAME,
    ADDRESS,
)

_KINDS = {
    "医院": Institution.Kind.HOSPITAL,
    "卫生院": Institution.Kind.HOSPITAL,
    "门诊部": Institution.Kind.OUTPATIENT,
    "药店": Institution.Kind.PHARMACY,
    "零售药店": Institution.Kind.PHARMACY,
    "村卫生室": Institution.Kind.VILLAGE_CLINIC,
}
KINDS: dict[str, str] = {word: str(kind.value) for word, kind in _KINDS.items()}
KINDS |= {kind: kind for kind in Institution.Kind.values}

_LEVELS = {
    "乡镇": Institution.Level.TOWNSHIP,
    "乡镇级": Institution.Level.TOWNSHIP,
    "县级": Institution.Level.COUNTY,
    "市级": Institution.Level.CITY,
    "省级": Institution.Level.PROVINCE,
}
LEVELS: dict[str, str] = {word: str(level.value) for word, level in _LEVELS.items()}
LEVELS |= {level: level for level in Institution.Level.values}

# Where the file gives none: village clinics and outpatient departments treat at the lowest
# level, pharmacies too; a hospital is taken as the county's.
DEFAULT_LEVEL: dict[str, str] = {
    Institution.Kind.HOSPITAL.value: Institution.Level.COUNTY.value,
    Institution.Kind.OUTPATIENT.value: Institution.Level.TOWNSHIP.value,
    Institution.Kind.PHARMACY.value: Institution.Level.TOWNSHIP.value,
    Institution.Kind.VILLAGE_CLINIC.value: Institution.Level.TOWNSHIP.value,
}
