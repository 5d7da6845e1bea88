"""What the roster's and the timetable's checks tell a person."""

from fieldkit.words.text import Text

NO_HEADINGS = Text(
    "没有找到标题行：第一行应写 Xh、Sfzh、Xm 等字段名，或 学号、身份证号、姓名",
    "No heading row was found: one row must hold field codes such as Xh, Sfzh, Xm or their Chinese names",
)
NO_IDENTITY = Text(
    "没有能认人的列：学号、身份证号、采集码至少要有一列",
    "No column tells people apart: student number, ID number or capture code is needed",
)
NO_COLUMN = Text("缺少“{heading}”列", "The column {column} is missing")
DOUBLE_COLUMN = Text(
    "“{heading}”列出现两次，只用第一列", "The column {column} is there twice; the first is used"
)

EMPTY = Text("{heading}为空", "{column} is empty")
NOBODY = Text(
    "这一行没有学号、身份证号或采集码，无法认人",
    "The row has no student number, ID number or capture code to tell the person by",
)
NAMELESS = Text("没有姓名，也没有采集码", "There is neither a name nor a capture code")
SPACE = Text("{heading}里有空格，已去掉", "{column} has spaces; they were taken out")
SPACE_KEPT = Text("{heading}里有空格，原样保留", "{column} has spaces; it was kept as it is")
HIDDEN = Text("{heading}里有看不见的字符，已去掉", "{column} has hidden characters; they were taken out")
HIDDEN_KEPT = Text(
    "{heading}里有看不见的字符，原样保留", "{column} has hidden characters; it was kept as it is"
)
GARBLED = Text("{heading}有乱码或丢失的字", "{column} has garbled or lost characters")
PRIVATE_REPAIRED = Text(
    "{heading}里的旧造字码已换成标准字，请核对",
    "{column} had characters with outdated codes; they were replaced, please compare",
)
PRIVATE_KEPT = Text(
    "{heading}里有造字，其他电脑显示可能不同，按证件号认人",
    "{column} has private-use characters that may look different elsewhere; go by the number",
)
NUMBER_NOT_TEXT = Text(
    "{heading}是数字格式，应为文本；开头的 0 可能已丢失",
    "{column} is stored as a number, not as text; leading zeros may be lost",
)
DIGITS_LOST = Text(
    "{heading}存成了数字，末几位已经丢失，需要学校重新提供",
    "{column} was stored as a number and its last digits are lost; the school must send it again",
)
DATE_NOT_TEXT = Text(
    "{heading}被表格改成了日期，原来的内容已丢失",
    "{column} was turned into a date by the spreadsheet; what was typed is lost",
)
VALUE_NOT_TEXT = Text("{heading}不是文本格式", "{column} is not stored as text")

CHECKSUM = Text("证件号校验位不对，有数字写错", "The number fails its check character: a digit is wrong")
BIRTH_DATE = Text("证件号里的出生日期不存在", "The birth date inside the number does not exist")
BIRTH_DATE_ODD = Text(
    "按证件号毕业时 {age} 岁，请核对", "By the number the person is {age} at graduation; please compare"
)
SEX_MISMATCH = Text(
    "性别与证件号不一致：证件号为{sex_zh}", "The sex differs from the number, which says {sex_en}"
)
SEX_UNKNOWN = Text("看不懂的性别", "The sex is neither 男 nor 女")
UNKNOWN_DOCUMENT = Text("认不出的证件号，请核对", "The number is of no known document; please compare")
DAMAGED_NUMBER = Text(
    "证件号位数不对（{length} 位），可能漏写或多写",
    "The number has {length} characters: some are missing or too many",
)
UNKNOWN_PROVINCE = Text(
    "证件号开头的地区码不存在，请核对", "The number begins with no known region; please compare"
)
DUPLICATE = Text("{heading}与第 {first} 行相同", "{column} is the same as in row {first}")
DUPLICATE_PERSON = Text(
    "{heading}与第 {first} 行相同，学号和采集码不同：是双学籍吗？",
    "{column} is the same as in row {first} with another student number and code: two enrolments?",
)

NO_TIME = Text("没有拍摄时间", "There is no time")
BAD_TIME = Text("看不懂的时间", "The time cannot be read")
END_FIRST = Text("结束时间早于开始时间：{start}–{end}", "It ends before it begins: {start}–{end}")
OVERLAP = Text("与第 {first} 行的时间重叠", "The time overlaps with row {first}")
BAD_COUNT = Text("人数不是数字", "The number of people is not a number")
COUNT_DIFFERS = Text(
    "合计写的是 {written}，各行相加是 {counted}",
    "The total says {written}, the rows add up to {counted}",
)
NO_CLASS = Text("没有班级，也没有学院", "There is neither a class nor a college")
BAD_DATE = Text("看不懂的日期", "The date cannot be read")
