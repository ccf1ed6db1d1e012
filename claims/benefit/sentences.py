"""The sentence of each step, and the words for the codes in it.

A sentence lists the names of the step's figures, its text in both languages, and which
figure is the step's amount (empty: the step decides nothing, 0.00).
"""

from claims.benefit.parameters import Text

SENTENCES: dict[str, tuple[tuple[str, ...], Text, str]] = {
    "P": (
        ("total", "excluded", "over_limit", "first_self_pay"),
        Text(
            "政策范围内费用 = 总费用 {total} − 全自费 {excluded} − 超限价 {over_limit}"
            " − 先行自付 {first_self_pay} = {in_policy}",
            "In-policy cost = total {total} − excluded {excluded} − over limit {over_limit}"
            " − first self-pay {first_self_pay} = {in_policy}",
        ),
        "in_policy",
    ),
    "N": (("reason",), Text("本层不支付：{reason}", "This layer does not pay: {reason}"), ""),
    "D": (
        ("level", "left", "deductible"),
        Text(
            "起付线：本级 {level}，本年度累计限额还剩 {left}，本次扣除 {deductible}",
            "Deductible: {level} at this level, {left} left of the year's limit,"
            " {deductible} applied",
        ),
        "deductible",
    ),
    "d": (
        ("level", "deductible"),
        Text(
            "起付线：本级 {level}，本次扣除 {deductible}",
            "Deductible: {level} at this level, {deductible} applied",
        ),
        "deductible",
    ),
    "f": (
        ("filing", "points"),
        Text(
            "县外住院（{filing}）：支付比例{sign} {points} 个百分点",
            "Stay outside the county ({filing}): rate {sign} {points} points",
        ),
        "",
    ),
    "i": (
        ("identity", "points"),
        Text(
            "{identity}：支付比例{sign} {points} 个百分点",
            "{identity}: rate {sign} {points} points",
        ),
        "",
    ),
    "R": (
        ("base", "rate", "result"),
        Text(
            "住院：扣除起付线后 {base} × {rate}% = {result}",
            "Inpatient: {base} after the deductible × {rate}% = {result}",
        ),
        "result",
    ),
    "S": (
        ("base", "rate", "result"),
        Text(
            "门诊慢特病：政策范围内 {base} × {rate}% = {result}",
            "Special outpatient: in-policy {base} × {rate}% = {result}",
        ),
        "result",
    ),
    "O": (
        ("base", "rate", "result"),
        Text(
            "普通门诊：政策范围内 {base} × {rate}% = {result}",
            "General outpatient: in-policy {base} × {rate}% = {result}",
        ),
        "result",
    ),
    "C": (
        ("left", "result"),
        Text(
            "住院和门诊慢特病年度限额还剩 {left}，支付 {result}",
            "{left} left of the year's ceiling for inpatient and special outpatient: {result} paid",
        ),
        "result",
    ),
    "c": (
        ("left", "result"),
        Text(
            "普通门诊年度限额还剩 {left}，支付 {result}",
            "{left} left of the year's general-outpatient ceiling: {result} paid",
        ),
        "result",
    ),
    "A": (
        ("before", "this"),
        Text(
            "大病基数（政策范围内费用 − 基本医保）：本年度已有 {before} + 本次 {this} = {base}",
            "Critical-illness base (in-policy cost − basic): {before} so far this year"
            " + {this} now = {base}",
        ),
        "base",
    ),
    "h": (
        ("identity", "factor", "deductible"),
        Text(
            "{identity}：起付线按 {factor}% 计，为 {deductible}",
            "{identity}: {factor}% of the deductible, {deductible}",
        ),
        "deductible",
    ),
    "j": (
        ("identity", "points"),
        Text(
            "{identity}：各段比例{sign} {points} 个百分点",
            "{identity}: rate of each band {sign} {points} points",
        ),
        "",
    ),
    "U": (
        ("deductible",),
        Text(
            "未超过起付线 {deductible}，不支付",
            "Not above the deductible of {deductible}: nothing paid",
        ),
        "",
    ),
    "X": (
        ("deductible", "excess"),
        Text(
            "超过起付线 {deductible} 的部分 {excess}，按超出额分段",
            "{excess} above the deductible of {deductible}; bands run on this excess",
        ),
        "excess",
    ),
    "Z": (
        ("deductible", "base"),
        Text(
            "超过起付线 {deductible}，按累计基数 {base} 分段",
            "Above the deductible of {deductible}; bands run on the accumulated base {base}",
        ),
        "base",
    ),
    "K": (
        ("low", "part", "rate"),
        Text(
            "{low} 至 {high} 一段：{part} × {rate}% = {share}",
            "Band from {low} to {high}: {part} × {rate}% = {share}",
        ),
        "share",
    ),
    "L": (
        ("ceiling", "before"),
        Text(
            "全年应付 {before} 超过封顶线，按 {ceiling} 计",
            "The year's {before} exceeds the ceiling: {ceiling} counts",
        ),
        "ceiling",
    ),
    "Y": (
        ("entitlement", "already", "result"),
        Text(
            "全年应付 {entitlement}，本年度已付 {already}，本次支付 {result}",
            "{entitlement} due for the year, {already} paid before, {result} paid now",
        ),
        "result",
    ),
    "M": (
        ("in_policy", "prior", "identity", "rate", "result"),
        Text(
            "{identity}：（政策范围内 {in_policy} − 已报销 {prior}）= {left} × {rate}% = {result}",
            "{identity}: (in-policy {in_policy} − paid before {prior}) = {left}"
            " × {rate}% = {result}",
        ),
        "result",
    ),
    "a": (
        ("left", "result"),
        Text(
            "年度救助限额还剩 {left}，支付 {result}",
            "{left} left of the year's aid ceiling: {result} paid",
        ),
        "result",
    ),
    "G": (
        ("total", "identity", "rate", "target", "prior", "result"),
        Text(
            "{identity}：总费用 {total} × {rate}% = {target}，减各层已付 {prior}，补足 {result}",
            "{identity}: total {total} × {rate}% = {target}, less {prior} paid before:"
            " topped up by {result}",
        ),
        "result",
    ),
    "F": (
        ("in_policy", "prior", "franchise"),
        Text(
            "剩余可补 {in_policy} − 已报销 {prior} = {left}，未超过 {franchise}，不补",
            "Left in policy {in_policy} − {prior} paid before = {left}, not above"
            " {franchise}: nothing paid",
        ),
        "",
    ),
    "I": (
        ("in_policy", "rate", "prior", "result"),
        Text(
            "可补费用 {in_policy} × {rate}% − 已报销 {prior}，补 {result}",
            "In-policy {in_policy} × {rate}% − {prior} paid before: {result}",
        ),
        "result",
    ),
    "o": (
        ("before", "this", "deductible"),
        Text(
            "不可补费用：本年度已有 {before} + 本次 {this} = {base}，免赔 {deductible}",
            "Out-of-policy cost: {before} so far this year + {this} now = {base}, of which"
            " {deductible} deductible",
        ),
        "base",
    ),
    "Q": (
        ("excess", "rate", "entitlement", "already", "result"),
        Text(
            "{excess} × {rate}% = 全年应补 {entitlement}，本年度已补 {already}，本次补 {result}",
            "{excess} × {rate}% = {entitlement} due for the year, {already} paid before,"
            " {result} now",
        ),
        "result",
    ),
    "r": (
        ("before", "this", "deductible"),
        Text(
            "慢性病门诊余额：本年度已有 {before} + 本次 {this} = {base}，免赔 {deductible}",
            "Chronic outpatient cost left: {before} so far this year + {this} now = {base},"
            " of which {deductible} deductible",
        ),
        "base",
    ),
    "q": (
        ("excess", "rate", "entitlement", "already", "result"),
        Text(
            "{excess} × {rate}% = 全年应补 {entitlement}，本年度已补 {already}，本次补 {result}",
            "{excess} × {rate}% = {entitlement} due for the year, {already} paid before,"
            " {result} now",
        ),
        "result",
    ),
    "s": (("result",), Text("合计补 {result}", "Together {result}"), "result"),
}

CODES: dict[str, Text] = {
    "more": Text("提高", "plus"),
    "less": Text("降低", "minus"),
    "kind": Text("该类就诊不属于本层支付范围", "it does not cover this kind of visit"),
    "level": Text("该级别医疗机构不在支付范围", "it does not cover institutions of this level"),
    "identity": Text("就诊日没有享受本层待遇的身份", "no entitling identity on the day of service"),
    "place": Text(
        "就诊地点或备案情况不符合本层条件", "place or filing of the stay does not qualify"
    ),
    "ended": Text("就诊日没有生效的标准", "no standard is in force on the day of service"),
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
}
