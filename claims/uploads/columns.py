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
DISEASES = Column("diseases", "病种")
DELIVERY = Column("delivery", "分娩方式")
CHRONIC = Column("chronic", "慢性病门诊")
ALREADY_BASIC = Column("already_basic", "基本医保已付")
ALREADY_CRITICAL_ILLNESS = Column("already_critical_illness", "大病保险已付")
ALREADY_MEDICAL_AID = Column("already_medical_aid", "医疗救助已付")
ALREADY_POVERTY = Column("already_poverty", "扶贫已付")
# In the order of `claims.benefit.types.PRIOR_LAYERS`.
ALREADY = (ALREADY_BASIC, ALREADY_CRITICAL_ILLNESS, ALREADY_MEDICAL_AID, ALREADY_POVERTY)

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
    DISEASES,
    DELIVERY,
    CHRONIC,
    *ALREADY,
)
KINDS = {
    "住院": Claim.Kind.INPATIENT.value,
    "门诊慢特病": Claim.Kind.SPECIAL_OUTPATIENT.value,
    "普通门诊": Claim.Kind.GENERAL_OUTPATIENT.value,
    "两病门诊": Claim.Kind.TWO_DISEASES.value,
    "两病": Claim.Kind.TWO_DISEASES.value,
    "生育": Claim.Kind.MATERNITY.value,
    "住院分娩": Claim.Kind.MATERNITY.value,
    **{code: code for code in Claim.Kind.values},
}
KIND_WORDS = "住院、门诊慢特病、普通门诊、两病门诊、生育"
# What a claim tells beyond its costs: the column, its words, and the kind of care it belongs to.
DETAILS: dict[Column, dict[str, str]] = {
    DISEASES: {
        "高血压": Claim.Detail.HYPERTENSION.value,
        "糖尿病": Claim.Detail.DIABETES.value,
        "高血压和糖尿病": Claim.Detail.BOTH.value,
        "高血压、糖尿病": Claim.Detail.BOTH.value,
        "hypertension": Claim.Detail.HYPERTENSION.value,
        "diabetes": Claim.Detail.DIABETES.value,
        "both": Claim.Detail.BOTH.value,
    },
    DELIVERY: {
        "顺产": Claim.Detail.NATURAL.value,
        "平产": Claim.Detail.NATURAL.value,
        "剖宫产": Claim.Detail.CAESAREAN.value,
        "natural": Claim.Detail.NATURAL.value,
        "caesarean": Claim.Detail.CAESAREAN.value,
    },
    CHRONIC: {
        "是": Claim.Detail.CHRONIC.value,
        "否": "",
        "true": Claim.Detail.CHRONIC.value,
        "false": "",
    },
}
DETAIL_WORDS = {
    DISEASES: "高血压、糖尿病、高血压和糖尿病",
    DELIVERY: "顺产、剖宫产",
    CHRONIC: "是、否",
}
DETAIL_OF = {
    Claim.Kind.TWO_DISEASES.value: DISEASES,
    Claim.Kind.MATERNITY.value: DELIVERY,
    Claim.Kind.GENERAL_OUTPATIENT.value: CHRONIC,
}
