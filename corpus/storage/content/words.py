"""Marks that are planted, and the text around them."""

# A word, its language, and the encodings besides UTF-8 and UTF-16 that can write it.
MARKS = [
    ("机密", "zh", ("gbk",)),
    ("绝密", "zh", ("gbk",)),
    ("内部资料", "zh", ("gbk",)),
    ("機密", "zh", ("big5",)),
    ("CONFIDENTIAL", "en", ()),
    ("TOP SECRET", "en", ()),
    ("INTERNAL USE ONLY", "en", ()),
    ("STRENG VERTRAULICH", "de", ()),
    ("VERTRAULICH", "de", ()),
    ("CONFIDENTIEL", "fr", ()),
    ("CONFIDENCIAL", "es", ()),
    ("RISERVATO", "it", ()),
    ("VERTROUWELIJK", "nl", ()),
    ("POUFNE", "pl", ()),
    ("СЕКРЕТНО", "ru", ()),
    ("社外秘", "ja", ()),
    ("대외비", "ko", ()),
]

OWN = ["Mauersegler", "Kornblume-77", "海燕工程"]

# Only letters that every printer's own fonts have.
PLAIN = [word for word, _, _ in MARKS if word.isascii()]
CHINESE = [word for word, language, _ in MARKS if language == "zh"]

ENGLISH = (
    "the office ordered twelve new chairs and a table for the meeting room after last winter the"
    " supplier asked for payment within thirty days but our budget for this quarter was already"
    " spent on heating and on repairs of the old lift near stairs three and four please forward"
    " copies to accounting before friday and keep one signed paper in the green folder minutes of"
    " the council were read and accepted without changes questions about travel costs remain open"
).split()

HAN = "会议室今年冬天收到新的桌子椅子供应商要求三十天内付款请把文件放进绿色夹里财务部门周五之前需要副本旅行费用问题还没有解决大家同意去年记录不作修改"

NAMES = ["Ada Lindqvist", "Bruno Castell", "Chen Yulan", "Dora Petrova", "Emil Haas", "Fatima Noor"]
HOSTS = ["ws-014", "ws-102", "front-desk", "scan-02", "lab-pc7"]


def user(name):
    return name.split()[0].lower() + name.split()[1][0].lower()


def sentence(random, words=14):
    chosen = [random.choice(ENGLISH) for _ in range(words)]
    return " ".join(chosen).capitalize() + f" {random.randrange(10, 9999)}."


def paragraph(random, sentences=5):
    return " ".join(sentence(random, random.randrange(8, 18)) for _ in range(sentences))


def chinese(random, characters=60):
    return "".join(random.choice(HAN) for _ in range(characters)) + "。"
