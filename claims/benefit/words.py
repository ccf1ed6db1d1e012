"""The words for the codes in a step: reasons, filings, identities, diseases, deliveries."""

from claims.benefit.parameters import Text

CODES: dict[str, Text] = {
    "more": Text("提高", "plus"),
    "less": Text("降低", "minus"),
    "kind": Text("这类就诊不在支付范围内", "this kind of care is not covered"),
    "level": Text("这一级别的医疗机构不在支付范围内", "institutions of this level are not covered"),
    "identity": Text(
        "就诊日没有可享受此项待遇的身份", "no entitling identity on the day of service"
    ),
    "place": Text(
        "就诊地点或转诊备案情况不符合条件", "place or filing of the stay does not qualify"
    ),
    "ended": Text("就诊日没有执行中的标准", "no standard was in force on the day of service"),
    "none": Text("无需备案", "no filing needed"),
    "filed": Text("已备案", "filed"),
    "referred": Text("转诊", "referred"),
    "unfiled": Text("未备案", "not filed"),
    "extremely_poor": Text("特困人员", "Extremely poor"),
    "low_income": Text("低保对象", "Low income"),
    "at_risk": Text("返贫致贫监测对象", "At risk of poverty"),
    "registered_poor": Text("建档立卡人员", "Registered poor"),
    "medical_aid": Text("医疗救助对象", "Medical-aid recipient"),
    "preferential": Text("优抚对象", "Preferential treatment"),
    "five_guarantee": Text("五保对象", "Five guarantees"),
    "child": Text("少年儿童", "Child"),
    "elder": Text("老年人", "Older person"),
    "hypertension": Text("高血压", "hypertension"),
    "diabetes": Text("糖尿病", "diabetes"),
    "both": Text("高血压和糖尿病", "hypertension and diabetes"),
    "natural": Text("顺产", "natural"),
    "caesarean": Text("剖宫产", "caesarean"),
}

# How a scheme's source begins where it says that there is no document.
NO_DOCUMENT = "未查到"


def cited(document: str, article: str) -> str:
    """A Chinese source: the document's name in its marks; a remark that there is none without.

    >>> cited("湖南省医疗救助规定", "第五条"), cited("未查到公布文件的演示数字", "无出处")
    ('《湖南省医疗救助规定》第五条', '未查到公布文件的演示数字，无出处')
    """
    if document.startswith(NO_DOCUMENT):
        return "，".join(text for text in (document, article) if text)
    return f"《{document}》{article}"
