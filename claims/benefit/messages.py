"""Refusals in words: what is wrong, and what to do. Chinese and English, no framework."""

from claims.benefit.parameters import Text
from claims.benefit.types import ClaimRefused
from enrollment.values.money import format_yuan, from_fen

MESSAGES: dict[str, Text] = {
    "negative": Text(
        "金额 {given} 不能为负数，请改为 0 或正数。",
        "The amount {given} is negative: give 0 or more.",
    ),
    "in_policy_negative": Text(
        "全自费、超限价和先行自付合计超过总费用 {total}，政策范围内费用为负（{in_policy}），"
        "请核对各项金额。",
        "Wholly self-paid, above price limits and first self-payment together exceed the total cost"
        " {total}; the in-policy cost is negative ({in_policy}): check the amounts.",
    ),
    "calculated": Text(
        "{layer} 由本方案计算，已支付金额只能为 0，请删去该项。",
        "The scheme itself calculates {layer}: leave it out or give 0.",
    ),
    "already_above_total": Text(
        "已支付合计 {paid} 超过总费用 {total}，请核对已支付金额。",
        "Already paid {paid} exceeds the total {total}: check the payments.",
    ),
    "basic_above_in_policy": Text(
        "基本医保已支付 {paid} 超过政策范围内费用 {in_policy}，请核对。",
        "Basic has paid {paid}, more than the in-policy cost {in_policy}: check the amounts.",
    ),
    "overpaid": Text(
        "各层合计应付 {layers}，超过总费用减已支付后的 {left}，此单须人工核对已支付金额后再计算。",
        "The layers would pay {layers}, more than the {left} left of the total: check what has"
        " already been paid, then calculate again.",
    ),
    "missing": Text("缺少此项，请补填。", "This is required: add it."),
    "unknown_key": Text(
        "不认识的字段，请删去或改正；可用：{known}。",
        "Unknown key: remove or correct it; known: {known}.",
    ),
    "unknown_code": Text(
        "代码 {given} 不存在，可用：{known}。", "Unknown code {given}; known: {known}."
    ),
    "unknown_scheme": Text(
        "没有方案 {given}，可用：{known}。", "There is no scheme {given}; known: {known}."
    ),
    "chronic_kind": Text(
        "慢性病门诊标记只用于普通门诊（general_outpatient），请删去或改正就诊类别。",
        "'chronic' marks general_outpatient claims only: remove it or correct the kind.",
    ),
    "detail_kind": Text(
        "{key} 只用于就诊类别 {kind}，请删去或改正就诊类别。",
        "'{key}' belongs to {kind} claims only: remove it or correct the kind.",
    ),
    "decimals": Text(
        "金额 {given} 的小数超过两位，请四舍五入到分后填写。",
        "The amount {given} has more than two decimals: give it to the fen.",
    ),
    "amount": Text(
        '{given} 不是金额，请写成 "1234.50" 的形式，整数部分不超过 12 位。',
        '{given} is not an amount: write it like "1234.50", at most 12 digits before the point.',
    ),
    "date": Text(
        "{given} 不是有效日期，请写成 2022-05-01 的形式。",
        "{given} is not a valid date: write it like 2022-05-01.",
    ),
    "boolean": Text("{given} 应为 true 或 false。", "{given} must be true or false."),
    "text": Text(
        "{given} 应为不含控制字符的文字，且不能为空。",
        "{given} must be a text without control characters, not empty.",
    ),
    "list": Text("此处应为列表 [ ]。", "A list [ ] is expected here."),
    "object": Text("此处应为对象 {{ }}。", "An object {{ }} is expected here."),
    "repeated_id": Text(
        "编号 {given} 重复，每笔费用的编号应唯一。",
        "The id {given} is repeated: give each claim its own.",
    ),
    "not_json": Text(
        "这一行不是有效的 JSON（第 {column} 个字符附近），请每行写一个 JSON 对象。",
        "The line is not valid JSON (near character {column}): write one JSON object per line.",
    ),
    "repeated_key": Text(
        "字段 {given} 写了两次，请保留一个。", "The key {given} is given twice: keep one."
    ),
    "not_utf8": Text(
        "这一行不是 UTF-8 编码，请把文件另存为 UTF-8。",
        "The line is not UTF-8: save the file as UTF-8.",
    ),
    "too_long": Text(
        "这一行超过 {limit} 字节，请拆成多行。", "The line exceeds {limit} bytes: split it."
    ),
}


def say(refused: ClaimRefused, lang: str = "zh") -> str:
    """The refusal as a sentence in `zh` or `en`."""
    figures = {
        name: format_yuan(from_fen(value)) if isinstance(value, int) else str(value)
        for name, value in refused.figures.items()
    }
    return MESSAGES[refused.reason].in_(lang).format_map(figures)
