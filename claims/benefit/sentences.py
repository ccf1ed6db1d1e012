"""The sentence of each step; `claims.benefit.words` has the words for the codes in it.

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
            "In-policy cost = total cost {total} − wholly self-paid {excluded}"
            " − above price limits {over_limit} − first self-payment {first_self_pay}"
            " = {in_policy}",
        ),
        "in_policy",
    ),
    "N": (("reason",), Text("不支付：{reason}", "Nothing paid: {reason}"), ""),
    "D": (
        ("level", "left", "deductible"),
        Text(
            "起付线：该级别医疗机构 {level}，年度累计上限还剩 {left}，本次扣除 {deductible}",
            "Deductible: {level} at this level, {left} left of the year's limit,"
            " {deductible} applied",
        ),
        "deductible",
    ),
    "d": (
        ("level", "deductible"),
        Text(
            "起付线：该级别医疗机构 {level}，本次扣除 {deductible}",
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
            "住院和门诊慢特病年度限额还剩 {left}，本次支付 {result}",
            "{left} left of the year's ceiling for inpatient and special outpatient: {result} paid",
        ),
        "result",
    ),
    "c": (
        ("left", "result"),
        Text(
            "普通门诊年度限额还剩 {left}，本次支付 {result}",
            "{left} left of the year's general-outpatient ceiling: {result} paid",
        ),
        "result",
    ),
    "T": (
        ("detail", "base", "rate", "result"),
        Text(
            "两病门诊用药（{detail}）：政策范围内 {base} × {rate}% = {result}",
            "Medicines for {detail}: in-policy {base} × {rate}% = {result}",
        ),
        "result",
    ),
    "t": (
        ("detail", "left", "result"),
        Text(
            "两病门诊用药（{detail}）年度限额还剩 {left}，本次支付 {result}",
            "{left} left of the year's ceiling for {detail}: {result} paid",
        ),
        "result",
    ),
    "B": (
        ("detail", "base", "rate", "result"),
        Text(
            "住院分娩（{detail}）：政策范围内 {base} × {rate}% = {result}",
            "Birth in hospital ({detail}): in-policy {base} × {rate}% = {result}",
        ),
        "result",
    ),
    "b": (
        ("detail", "limit", "result"),
        Text(
            "住院分娩（{detail}）每次最高支付 {limit}，本次支付 {result}",
            "A birth ({detail}) is paid up to {limit}: {result} paid",
        ),
        "result",
    ),
    "A": (
        ("before", "this"),
        Text(
            "大病保险基数（政策范围内费用 − 基本医保）：本年度已有 {before} + 本次 {this} = {base}",
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
            "超过起付线 {deductible} 的部分为 {excess}，按这一部分分段计算",
            "{excess} above the deductible of {deductible}; the bands run on this excess",
        ),
        "excess",
    ),
    "Z": (
        ("deductible", "base"),
        Text(
            "已超过起付线 {deductible}，按全年累计 {base} 分段计算，起付线以下不支付",
            "Above the deductible of {deductible}: the bands run on the accumulated base"
            " {base}, nothing below the deductible",
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
            "全年应付 {before}，超过封顶线，按 {ceiling} 计",
            "{before} for the year exceeds the ceiling: {ceiling} counts",
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
            "{identity}：政策范围内 {in_policy}，已报销 {prior}，剩余 {left} × {rate}% = {result}",
            "{identity}: in-policy {in_policy}, {prior} paid before, the {left} left"
            " × {rate}% = {result}",
        ),
        "result",
    ),
    "a": (
        ("left", "result"),
        Text(
            "医疗救助年度限额还剩 {left}，本次支付 {result}",
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
            "可补费用 {in_policy}，已报销 {prior}，剩余 {left}，未超过 {franchise}，不补",
            "In-policy {in_policy}, {prior} paid before, {left} left: not above {franchise},"
            " nothing paid",
        ),
        "",
    ),
    "I": (
        ("in_policy", "rate", "prior", "result"),
        Text(
            "可补费用 {in_policy} × {rate}% = {goal}，已报销 {prior}，补足 {result}",
            "In-policy {in_policy} × {rate}% = {goal}, {prior} paid before: topped up by {result}",
        ),
        "result",
    ),
    "o": (
        ("before", "this", "deductible"),
        Text(
            "不可补费用：本年度已有 {before} + 本次 {this} = {base}，免赔额 {deductible}",
            "Out-of-policy cost: {before} so far this year + {this} now = {base},"
            " deductible {deductible}",
        ),
        "base",
    ),
    "Q": (
        ("excess", "rate", "entitlement", "already", "result"),
        Text(
            "超出免赔额的 {excess} × {rate}% = 全年应补 {entitlement}，本年度已补 {already}，"
            "本次补 {result}",
            "{excess} above the deductible × {rate}% = {entitlement} due for the year,"
            " {already} paid before, {result} now",
        ),
        "result",
    ),
    "r": (
        ("before", "this", "deductible"),
        Text(
            "慢性病门诊余额：本年度已有 {before} + 本次 {this} = {base}，免赔额 {deductible}",
            "Chronic outpatient cost left: {before} so far this year + {this} now = {base},"
            " deductible {deductible}",
        ),
        "base",
    ),
    "q": (
        ("excess", "rate", "entitlement", "already", "result"),
        Text(
            "超出免赔额的 {excess} × {rate}% = 全年应补 {entitlement}，本年度已补 {already}，"
            "本次补 {result}",
            "{excess} above the deductible × {rate}% = {entitlement} due for the year,"
            " {already} paid before, {result} now",
        ),
        "result",
    ),
    "s": (("result",), Text("合计补偿 {result}", "Together: {result} paid"), "result"),
}
