"""The roll's columns and what its words mean."""

from enrollment.coverage.models import Enrolment
from enrollment.residents.models import IdentityKind
from enrollment.sheets import Column

ID_NUMBER = Column("id_number", "证件号码", required=True)
NAME = Column("name", "姓名", required=True)
SEX = Column("sex", "性别")
BORN_ON = Column("born_on", "出生日期")
DIVISION = Column("division", "行政区划", required=True)
HOUSEHOLD = Column("household_no", "户编号")
CATEGORY = Column("category", "人员类别")
PHONE = Column("phone", "联系电话")
ACCOUNT_NO = Column("account_no", "银行账号")
ACCOUNT_NAME = Column("account_name", "开户名")
PAID = Column("paid", "个人缴费")
PAID_ON = Column("paid_on", "缴费日期")

COLUMNS = (
    ID_NUMBER,
    NAME,
    SEX,
    BORN_ON,
    DIVISION,
    HOUSEHOLD,
    CATEGORY,
    PHONE,
    ACCOUNT_NO,
    ACCOUNT_NAME,
    PAID,
    PAID_ON,
)

MALE = {"男": True, "女": False, "男性": True, "女性": False}
MALE |= {"male": True, "female": False, "m": True, "f": False}

_CHINESE = {
    "普通": Enrolment.Category.ORDINARY,
    "普通居民": Enrolment.Category.ORDINARY,
    "特困": IdentityKind.EXTREMELY_POOR,
    "特困人员": IdentityKind.EXTREMELY_POOR,
    "低保": IdentityKind.LOW_INCOME,
    "低保对象": IdentityKind.LOW_INCOME,
    "返贫致贫监测": IdentityKind.AT_RISK,
    "返贫致贫监测对象": IdentityKind.AT_RISK,
    "监测对象": IdentityKind.AT_RISK,
    "建档立卡": IdentityKind.REGISTERED_POOR,
    "医疗救助对象": IdentityKind.MEDICAL_AID,
    "优抚": IdentityKind.PREFERENTIAL,
    "优抚对象": IdentityKind.PREFERENTIAL,
    "五保": IdentityKind.FIVE_GUARANTEE,
}
CATEGORIES: dict[str, str] = {word: str(kind.value) for word, kind in _CHINESE.items()}
CATEGORIES |= {code: code for code in Enrolment.Category.values}
