"""The columns of an upload, as the contract names them, and the words they take."""

from claims.intake.models import Claim
from enrollment.sheets import Column

VISIT = Column("visit_no", "就诊流水号", required=True)
INSTITUTION = Column("institution", "机构编码", required=True)
ID_NUMBER = Column("id_number", "证件号码", required=True)
KIND = Column("kind", "就诊类别", required=True)
ADMITTED = Column("admitted_on", "入院日期")
DISCHARGED = Column("discharged_on", "出院日期", required=True)
DIAGNOSIS = Column("diagnosis", "诊断编码")
TOTAL = Column("total", "总费用", required=True)
EXCLUDED = Column("excluded", "全自费")
OVER_LIMIT = Column("over_limit", "超限价")
FIRST_SELF_PAY = Column("first_self_pay", "先行自付")
INVOICE = Column("invoice_no", "票据号")

COLUMNS = (
    VISIT,
    INSTITUTION,
    ID_NUMBER,
    KIND,
    ADMITTED,
    DISCHARGED,
    DIAGNOSIS,
    TOTAL,
    EXCLUDED,
    OVER_LIMIT,
    FIRST_SELF_PAY,
    INVOICE,
)
KINDS = {
    "住院": Claim.Kind.INPATIENT.value,
    "门诊慢特病": Claim.Kind.SPECIAL_OUTPATIENT.value,
    "普通门诊": Claim.Kind.GENERAL_OUTPATIENT.value,
    **{code: code for code in Claim.Kind.values},
}
