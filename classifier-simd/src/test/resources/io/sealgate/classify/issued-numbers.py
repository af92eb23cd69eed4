"""Writes issued-numbers.tsv: identifiers made by the issuers' published arithmetic, which is written
down here a second time and in another language than the product's, so that one does not repeat the
other's mistakes. A line holds the type, the number, and the same number with a wrong check digit.

  python3 issued-numbers.py > issued-numbers.tsv
"""
import datetime
import random

PER_FORM = 8
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
rnd = random.Random(1)


def digits(n, first="0123456789"):
    return rnd.choice(first) + "".join(rnd.choice("0123456789") for _ in range(n - 1))


def day(first=1920, last=2005):
    return datetime.date(first, 1, 1) + datetime.timedelta(days=rnd.randrange((last - first) * 365))


def dot(number, weights):
    return sum(int(c) * w for c, w in zip(number, weights))


def luhn(number):
    total = 0
    for place, c in enumerate(reversed(number)):
        doubled = int(c) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return number + str(-total % 10)


def mod11_10(number):
    product = 10
    for c in number:
        product = ((int(c) + product) % 10 or 10) * 2 % 11
    return number + str((11 - product) % 10)


# The dihedral group of ten elements by its definition: below 5 rotations, from 5 on reflections.
def d5(a, b):
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def verhoeff(number):
    permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    total = 0
    for place, c in enumerate(reversed(number), 1):
        digit = int(c)
        for _ in range(place % 8):
            digit = permutation[digit]
        total = d5(total, digit)
    return number + next(str(x) for x in range(10) if d5(total, x) == 0 or d5(x, total) == 0)


def card(prefix, n):
    return luhn(prefix + digits(n - 1 - len(prefix)))


def iban():
    country, form = rnd.choice([
        ("DE", "n" * 18), ("GB", "aaaa" + "n" * 14), ("FR", "n" * 23), ("ES", "n" * 20),
        ("NL", "aaaa" + "n" * 10), ("IT", "a" + "n" * 22), ("CH", "n" * 17), ("BE", "n" * 12),
        ("PL", "n" * 24), ("NO", "n" * 11), ("AT", "n" * 16), ("MT", "aaaa" + "n" * 23)])
    account = "".join(rnd.choice("0123456789" if c == "n" else LETTERS) for c in form)
    number = int("".join(str(int(c, 36)) for c in account + country + "00"))
    return country + "%02d" % (98 - number % 97) + account


def uk_nhs():
    body = digits(9)
    check = -dot(body, range(10, 1, -1)) % 11
    return body + str(check) if check < 10 else None


def au_tfn():
    number = digits(9)
    return number if dot(number, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 == 0 else None


def au_abn():
    body = digits(9)
    rest = dot(body, [3, 5, 7, 9, 11, 13, 15, 17, 19])
    return next((str(x) + body for x in range(11, 100)
                 if ((x // 10 - 1) * 10 + x % 10 + rest) % 89 == 0), None)


def au_acn():
    body = digits(8)
    return body + str(-dot(body, range(8, 0, -1)) % 10)


def au_medicare():
    body = digits(8, "23456")
    return body + str(dot(body, [1, 3, 7, 9] * 2) % 10) + rnd.choice("123456789")


def aba():
    body = "%02d" % rnd.choice([*range(1, 13), *range(21, 33), *range(61, 73), 80]) + digits(6)
    return body + str(-dot(body, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)


def us_npi():
    body = digits(9, "12")
    return body + luhn("80840" + body)[-1]


def pesel():
    born = day(1900, 2020)
    month = born.month + (20 if born.year >= 2000 else 0)
    body = "%02d%02d%02d" % (born.year % 100, month, born.day) + digits(4)
    return body + str(-dot(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)


def de_tax_id():
    body = rnd.sample("0123456789", 9)
    body.append(rnd.choice(body))
    rnd.shuffle(body)
    return mod11_10("".join(body)) if body[0] != "0" else None


def tr_id():
    body = digits(9, "123456789")
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    tenth = (odd * 7 - even) % 10
    return body + str(tenth) + str((odd + even + tenth) % 10)


def th_id():
    body = digits(1, "12345678") + str(rnd.choice([10, 12, 20, 31, 40, 50, 63, 73, 84, 93]))
    body += digits(9)
    return body + str((11 - dot(body, range(13, 1, -1)) % 11) % 10)


def kr(citizen):
    born = day(1930, 2019)
    kinds = ("12" if born.year < 2000 else "34") if citizen else ("56" if born.year < 2000 else "78")
    body = born.strftime("%y%m%d") + rnd.choice(kinds) + digits(5)
    rest = dot(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11
    return body + str(((11 if citizen else 13) - rest) % 10)


def za_id():
    return luhn(day().strftime("%y%m%d") + digits(4) + rnd.choice("01") + "8")


def br(body, weight_max):
    for _ in range(2):
        weights = [2 + i % (weight_max - 1) for i in range(len(body))]
        rest = dot(reversed(body), weights) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return body


def nl_bsn():
    body = digits(8)
    check = dot(body, range(9, 1, -1)) % 11
    return body + str(check) if check < 10 else None


def be_nrn():
    born = day(1920, 2019)
    body = born.strftime("%y%m%d") + "%03d" % rnd.randrange(1, 998)
    return body + "%02d" % (97 - int(("2" if born.year >= 2000 else "") + body) % 97)


def fr_nir():
    body = "%d%02d%02d%02d%03d%03d" % (
        rnd.randrange(1, 3), rnd.randrange(100), rnd.randrange(1, 13), rnd.randrange(1, 96),
        rnd.randrange(1, 990), rnd.randrange(1, 1000))
    return body + "%02d" % (97 - int(body) % 97)


def vin():
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789")))
    values.update((str(i), i) for i in range(10))
    number = [rnd.choice(list(values)) for _ in range(17)]
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    check = sum(values[c] * w for c, w in zip(number, weights)) % 11
    number[8] = "X" if check == 10 else str(check)
    return "".join(number)


def dea():
    body = digits(6)
    check = (sum(map(int, body[::2])) + 2 * sum(map(int, body[1::2]))) % 10
    return rnd.choice("ABFGMPR") + rnd.choice(LETTERS) + body + str(check)


def es(head):
    body = digits(8 if head == "" else 7)
    return head + body + "TRWAGMYFPDXBNJZSQVHLCKE"[int((head and str("XYZ".index(head))) + body) % 23]


def fi_hetu():
    born = day(1900, 2020)
    serial = "%03d" % rnd.randrange(2, 900)
    check = int(born.strftime("%d%m%y") + serial) % 31
    sign = "-" if born.year < 2000 else "A"
    return born.strftime("%d%m%y") + sign + serial + "0123456789ABCDEFHJKLMNPRSTUVWXY"[check]


def se_person(century):
    born = day()
    return (born.strftime("%Y")[:2] if century else "") + luhn(born.strftime("%y%m%d") + digits(3))


def sg_nric():
    kind, body = rnd.choice("STFG"), digits(7)
    total = dot(body, [2, 7, 6, 5, 4, 3, 2]) + (4 if kind in "TG" else 0)
    return kind + body + ("JZIHGFEDCBA" if kind in "ST" else "XWUTRQPNMLK")[total % 11]


def cn_id():
    body = rnd.choice(["110105", "310104", "440306"]) + day().strftime("%Y%m%d") + digits(3)
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    return body + "10X98765432"[dot(body, weights) % 11]


def it_fiscal():
    odd = dict(zip("0123456789", [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]))
    odd.update(zip(LETTERS, [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
                             10, 22, 25, 24, 23]))
    born = day()
    body = "".join(rnd.choice("BCDFGLMNPRSTVZ") for _ in range(6)) + born.strftime("%y")
    body += "ABCDEHLMPRST"[born.month - 1] + "%02d" % (born.day + rnd.choice([0, 40]))
    body += rnd.choice("ABCDEFGHIL") + "%03d" % rnd.randrange(1, 1000)
    even = dict(zip("0123456789", range(10)))
    even.update(zip(LETTERS, range(26)))
    total = sum((even if place % 2 else odd)[c] for place, c in enumerate(body))
    return body + LETTERS[total % 26]


def de_id_card():
    body = rnd.choice("LMNPRTVWXY") + "".join(rnd.choice("CFGHJKLMNPRTVWXYZ0123456789") for _ in range(7))
    return body + str(sum(int(c, 36) * [7, 3, 1][i % 3] for i, c in enumerate(body)) % 10)


def de_lanr():
    body = digits(6, "123456789")
    return body + str(-dot(body, [4, 9] * 3) % 10) + "%02d" % rnd.randrange(1, 100)


def kr_brn():
    body = "%03d" % rnd.randrange(101, 1000) + digits(6)
    return body + str(-(dot(body, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + int(body[8]) * 5 // 10) % 10)


def groups(*sizes, joined=" "):
    def written(number):
        parts, at = [], 0
        for size in sizes:
            parts.append(number[at:at + size])
            at += size
        return joined.join(parts)
    return written


def as_is(number):
    return number


def separated(form):
    return lambda number: form.format(*number)


QUADS = [as_is, groups(4, 4, 4, 4), groups(4, 4, 4, 4, joined="-")]
NINE = [as_is, groups(3, 3, 3)]

# Type, maker, place of a check digit, forms.
TYPES = [
    *[("CREDIT_CARD", lambda p=p: card(p, 16), -1, QUADS) for p in ("4", "51", "2221", "6011", "3530")],
    ("CREDIT_CARD", lambda: card("37", 15), -1, [as_is, groups(4, 6, 5)]),
    ("CREDIT_CARD", lambda: card("36", 14), -1, [as_is, groups(4, 6, 4)]),
    ("IBAN_CODE", iban, 3, [as_is, groups(*[4] * 9)]),
    ("UK_NHS", uk_nhs, -1, [as_is, groups(3, 3, 4), groups(3, 3, 4, joined="-")]),
    ("AU_TFN", au_tfn, -1, NINE),
    ("AU_ABN", au_abn, -1, [as_is, groups(2, 3, 3, 3)]),
    ("AU_ACN", au_acn, -1, NINE),
    ("AU_MEDICARE", au_medicare, 8, [as_is, groups(4, 5, 1)]),
    ("ABA_ROUTING_NUMBER", aba, -1, [as_is, groups(4, 4, 1, joined="-")]),
    ("US_NPI", us_npi, -1, [as_is]),
    ("CA_SIN", lambda: luhn(digits(8, "12345679")), -1, NINE + [groups(3, 3, 3, joined="-")]),
    ("IN_AADHAAR", lambda: verhoeff(digits(11, "23456789")), -1,
     [as_is, groups(4, 4, 4), groups(4, 4, 4, joined="-")]),
    ("NG_NIN", lambda: verhoeff(digits(10)), -1, [as_is, groups(4, 3, 4)]),
    ("PL_PESEL", pesel, -1, [as_is]),
    ("DE_TAX_ID", de_tax_id, -1, [as_is, groups(2, 3, 3, 3)]),
    ("TR_NATIONAL_ID", tr_id, -1, [as_is]),
    ("TH_TNIN", th_id, -1, [as_is, groups(1, 4, 5, 2, 1), groups(1, 4, 5, 2, 1, joined="-")]),
    ("KR_RRN", lambda: kr(True), None, [as_is, groups(6, 7, joined="-")]),
    ("KR_FRN", lambda: kr(False), None, [as_is, groups(6, 7, joined="-")]),
    ("KR_BRN", kr_brn, -1, [groups(3, 2, 5, joined="-")]),
    ("ZA_ID_NUMBER", za_id, -1, [as_is, groups(6, 4, 3), groups(6, 4, 2, 1)]),
    ("BR_CPF", lambda: br(digits(9), 11), -1, [as_is, separated("{}{}{}.{}{}{}.{}{}{}-{}{}")]),
    ("BR_CNPJ", lambda: br(digits(8) + "0001", 9), -1,
     [as_is, separated("{}{}.{}{}{}.{}{}{}/{}{}{}{}-{}{}")]),
    ("NL_BSN", nl_bsn, -1, NINE + [groups(4, 2, 3, joined=".")]),
    ("BE_NRN", be_nrn, -1, [as_is, separated("{}{}.{}{}.{}{}-{}{}{}.{}{}")]),
    ("FR_NIR", fr_nir, -1, [as_is, groups(1, 2, 2, 2, 3, 3, 2)]),
    ("IMEI", lambda: luhn("35" + digits(12)), -1, [as_is, groups(2, 6, 6, 1, joined="-")]),
    ("IMEI", lambda: luhn(digits(14, "024789")), -1, [as_is]),
    ("VIN", vin, 8, [as_is]),
    ("MEDICAL_LICENSE", dea, -1, [as_is]),
    ("ES_NIF", lambda: es(""), -1, [as_is, groups(8, 1, joined="-")]),
    ("ES_NIE", lambda: es(rnd.choice("XYZ")), -1, [as_is, groups(1, 7, 1, joined="-")]),
    ("FI_PERSONAL_IDENTITY_CODE", fi_hetu, -1, [as_is]),
    ("SE_PERSONNUMMER", lambda: se_person(False), -1, [as_is, groups(6, 4, joined="-")]),
    ("SE_PERSONNUMMER", lambda: se_person(True), -1, [as_is, groups(8, 4, joined="-")]),
    ("SG_NRIC_FIN", sg_nric, -1, [as_is]),
    ("CN_RESIDENT_ID", cn_id, -1, [as_is]),
    ("IT_FISCAL_CODE", it_fiscal, -1, [as_is]),
    ("IT_VAT_CODE", lambda: luhn(digits(10, "123456789")), -1, [as_is]),
    ("DE_ID_CARD", de_id_card, -1, [as_is]),
    ("DE_VAT_ID", lambda: "DE" + mod11_10(digits(8, "123456789")), -1, [as_is, groups(2, 3, 3, 3)]),
    ("DE_LANR", de_lanr, 6, [as_is]),
]


def broken(number, place):
    """Another check digit or letter in its place."""
    place %= len(number)
    letters = "0123456789X" if len(number) in (17, 18) else "0123456789"
    letters = LETTERS if number[place].isalpha() and number[place] not in letters else letters
    other = rnd.choice([c for c in letters if c != number[place]])
    return number[:place] + other + number[place + 1:]


def main():
    for kind, make, place, forms in TYPES:
        for form in forms:
            for _ in range(PER_FORM):
                number = None
                while number is None:
                    number = make()
                wrong = "" if place is None else form(broken(number, place)).strip()
                print(kind, form(number).strip(), wrong, sep="\t")


if __name__ == "__main__":
    main()
