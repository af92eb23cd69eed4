package io.sealgate.classify.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealgate.classify.Texts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line per case: the text, then after each {@code =>} a finding that has to come out. */
final class FinderTablesTest {
  private static void check(final String line) {
    final String[] parts = line.split("=>", -1);
    final String text = unescape(parts[0].strip());
    final List<String> expected = new ArrayList<>();
    for (int i = 1; i < parts.length; i++) {
      expected.add(unescape(parts[i].strip()));
    }
    assertEquals(expected, Texts.findings(text), text);
  }

  private static String unescape(final String text) {
    return text.replace("\\0", "\0").replace("\\n", "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111 => CREDIT_CARD=4111111111111111",
        "4111 1111 1111 1111 => CREDIT_CARD=4111 1111 1111 1111",
        "4111-1111-1111-1111 => CREDIT_CARD=4111-1111-1111-1111",
        "2026 4111 1111 1111 1111 => CREDIT_CARD=4111 1111 1111 1111",
        "4111 1111 1111 1111 12/27 => CREDIT_CARD=4111 1111 1111 1111",
        "4111 1111 1111 1111 123 => CREDIT_CARD=4111 1111 1111 1111",
        "3782 822463 10005 => CREDIT_CARD=3782 822463 10005",
        "3056 930902 5904 => CREDIT_CARD=3056 930902 5904",
        "{\"card\":\"5555555555554444\"} => CREDIT_CARD=5555555555554444",
        "7,Ann,2223003122003222,x => CREDIT_CARD=2223003122003222",
        "https://shop.example/pay?pan=6011000990139424&x=1 => CREDIT_CARD=6011000990139424",
        "var pan_3530111333300000 = 1; => CREDIT_CARD=3530111333300000",
        "6759649826438453 => CREDIT_CARD=6759649826438453",
        "122000000000003 => CREDIT_CARD=122000000000003",
        "卡号4111111111111111。 => CREDIT_CARD=4111111111111111",
        "card 4111111111111111. => CREDIT_CARD=4111111111111111",
        "4111111111111112",
        "4111 1111-1111 1111",
        "4111  1111  1111  1111",
        "41111111111111110",
        "14111111111111111",
        "4111111111111111000000000000",
        "a4111111111111111",
        "4111111111111111b",
        "0.4111111111111111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "41 11 11 11 11 11 11 11",
        "4111 1111 1111\\01111",
        "1700000000000 1700000000000000000",
        "0000000000000000",
        "9111111111111111",
        "7111-1111-1111-1111"
      })
  void shouldFindCardsOnlyWhenIssuerLengthAndLuhnAgree(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GB29NWBK60161331926819 => IBAN_CODE=GB29NWBK60161331926819",
        "gb29nwbk60161331926819 => IBAN_CODE=gb29nwbk60161331926819",
        "GB29 NWBK 6016 1331 9268 19 => IBAN_CODE=GB29 NWBK 6016 1331 9268 19",
        "DE89 3704 0044 0532 0130 00 by Monday => IBAN_CODE=DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000 ok => IBAN_CODE=DE89370400440532013000",
        "DE89-3704-0044-0532-0130-00 => IBAN_CODE=DE89-3704-0044-0532-0130-00",
        "NO9386011117947 => IBAN_CODE=NO9386011117947",
        "MT84MALT011000012345MTLCAST001S => IBAN_CODE=MT84MALT011000012345MTLCAST001S",
        "{\"iban\":\"FR1420041010050500013M02606\"} => IBAN_CODE=FR1420041010050500013M02606",
        "x;CH9300762011623852957;y => IBAN_CODE=CH9300762011623852957",
        "iban=BE68539007547034& => IBAN_CODE=BE68539007547034",
        "GB29NWBK60161331926818",
        "GB29NWBK6016133192681",
        "GB29NWBK60161331926819A",
        "XGB29NWBK60161331926819",
        "GB29 NWBK60161331926819",
        "GB29 NWBK 6016-1331 9268 19",
        "DE89 3704 0044 05\\032 0130 00",
        "ZZ29NWBK60161331926819",
        "in 12 months"
      })
  void shouldFindIbansOnlyWhenCountryLengthAndRemainderAgree(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "536-90-4399 => US_SSN=536-90-4399",
        "536 90 4399 => US_SSN=536 90 4399",
        "{\"ssn\":\"536-90-4399\"} => US_SSN=536-90-4399",
        "a,536-90-4399,b => US_SSN=536-90-4399",
        "?ssn=536904399& => US_SSN=536904399",
        "Social Security number: 536904399 => US_SSN=536904399",
        "my SSN is 536904399. => US_SSN=536904399",
        "000-12-3456",
        "666-12-3456",
        "900-12-3456",
        "536-00-4399",
        "536-90-0000",
        "536-90 4399",
        "536.90.4399",
        "536-90-43990",
        "1536-90-4399",
        "1-536-90-4399",
        "536-90-4399-1",
        "536-90-4399x",
        "x536-90-4399",
        "order 536904301",
        "lessness 536904301",
        "ssn and then more than sixty-four bytes of other words that say nothing 536904301",
        "ssn\\0n 536904301"
      })
  void shouldFindSocialSecurityNumbersThatCanBeAssigned(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.168.0.1 => IP_ADDRESS=192.168.0.1",
        "10.0.0.0/24 => IP_ADDRESS=10.0.0.0/24",
        "10.0.0.0/33 => IP_ADDRESS=10.0.0.0",
        "10.0.0.0/24/7 => IP_ADDRESS=10.0.0.0",
        "http://8.8.8.8:80/x => IP_ADDRESS=8.8.8.8",
        "{\"ip\":\"1.2.3.4\"} => IP_ADDRESS=1.2.3.4",
        "at 1.2.3.4. Then => IP_ADDRESS=1.2.3.4",
        "connect(\"127.0.0.1\", 80) => IP_ADDRESS=127.0.0.1",
        "1.2.3.4,5.6.7.8 => IP_ADDRESS=1.2.3.4 => IP_ADDRESS=5.6.7.8",
        "2001:db8::1 => IP_ADDRESS=2001:db8::1",
        "ip:2001:db8::1 => IP_ADDRESS=2001:db8::1",
        "[2001:DB8::1]:8080 => IP_ADDRESS=2001:DB8::1",
        "1:2:3:4:5:6:7:8 => IP_ADDRESS=1:2:3:4:5:6:7:8",
        "2001:db8:85a3:0:0:8a2e:370:7334 => IP_ADDRESS=2001:db8:85a3:0:0:8a2e:370:7334",
        "fe80::1%eth0 => IP_ADDRESS=fe80::1",
        "2001:db8::/32 => IP_ADDRESS=2001:db8::/32",
        "ping fe80::1: unreachable => IP_ADDRESS=fe80::1",
        "::1 => IP_ADDRESS=::1",
        "::ffff:10.0.0.1 => IP_ADDRESS=::ffff:10.0.0.1",
        "64:ff9b::192.0.2.1 => IP_ADDRESS=64:ff9b::192.0.2.1",
        "1:2:3:4:5:6:192.0.2.1 => IP_ADDRESS=1:2:3:4:5:6:192.0.2.1",
        "1.2.3",
        "1.2.3.4.5",
        "01.2.3.4",
        "1.2.3.256",
        "v1.2.3.4",
        "1.2.3.4b",
        "1.2.3\\0.4",
        "12:30:45",
        "2026-11-21T12:30:45",
        "aa:bb:cc:dd:ee:ff => MAC_ADDRESS=aa:bb:cc:dd:ee:ff",
        "aa:bb:cc:dd:ee:ff:00:11",
        "1:2:3:4:5:6:7:8:9",
        "a::b",
        "std::dead::beef1",
        "cafe::babe",
        "x[1::2]",
        "x[::2]",
        "::",
        "2001:db8:::1",
        "2001::db8::1",
        "2001:db8::12345",
        "2001:db8::g",
        "::ffff:192.168.1",
        "2001:db8::256.1.1.1"
      })
  void shouldFindAddressesOnlyWhenNothingElseIsMeant(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann@example.com => EMAIL_ADDRESS=ann@example.com",
        "<ann.lee+tag@mail.example.co.uk> => EMAIL_ADDRESS=ann.lee+tag@mail.example.co.uk",
        "{\"to\":\"ann@example.com\"} => EMAIL_ADDRESS=ann@example.com",
        "1,ann@example.com,x => EMAIL_ADDRESS=ann@example.com",
        "https://x.example/?q=ann@example.com&y => EMAIL_ADDRESS=ann@example.com",
        "f('ann@example.com') => EMAIL_ADDRESS=ann@example.com",
        "mailto:ann@example.com. => EMAIL_ADDRESS=ann@example.com",
        "“ann@example.com” => EMAIL_ADDRESS=ann@example.com",
        "ann@example.com请 => EMAIL_ADDRESS=ann@example.com",
        "...ann@example.com... => EMAIL_ADDRESS=ann@example.com",
        "josé@müller.de => EMAIL_ADDRESS=josé@müller.de",
        "用户@例子.测试 => EMAIL_ADDRESS=用户@例子.测试",
        "u@xn--80ak6aa92e.xn--p1ai => EMAIL_ADDRESS=u@xn--80ak6aa92e.xn--p1ai",
        "联系我们的技术支持团队以获取更多信息请发送邮件到ann@example.com => EMAIL_ADDRESS=ann@example.com",
        "ann@example.com.1 => EMAIL_ADDRESS=ann@example.com",
        "user@host",
        "@example.com",
        "ann@",
        "ann.@example.com",
        "ann@.example.com",
        "ann@-x.com",
        "ann@x-.com",
        "ann@x..com",
        "ann@example.c",
        "ann@1.2.3.4x",
        "icon@2x.png",
        "npm i react@18.2.0",
        "ann@exa\\0mple",
        "ann\\0@example.com",
        "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@example.com"
      })
  void shouldFindMailAddressesWithAnyDeliverableDomain(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1 415 555 2671 => PHONE_NUMBER=+1 415 555 2671",
        "+14155552671 => PHONE_NUMBER=+14155552671",
        "tel:+44-20-7946-0958 => PHONE_NUMBER=+44-20-7946-0958",
        "+44 (0)20 7946 0958 => PHONE_NUMBER=+44 (0)20 7946 0958",
        "+55 11 98456 5666 => PHONE_NUMBER=+55 11 98456 5666",
        "(415) 555-2671 => PHONE_NUMBER=(415) 555-2671",
        "(415)555-2671 => PHONE_NUMBER=(415)555-2671",
        "415-555-2671 => PHONE_NUMBER=415-555-2671",
        "415.555.2671 => PHONE_NUMBER=415.555.2671",
        "1-415-555-2671 => PHONE_NUMBER=1-415-555-2671",
        "020 7946 0958 => PHONE_NUMBER=020 7946 0958",
        "(020) 7946 0958 => PHONE_NUMBER=(020) 7946 0958",
        "07400 123456 => PHONE_NUMBER=07400 123456",
        "{\"tel\":\"+14155552671\"} => PHONE_NUMBER=+14155552671",
        "a,415-555-2671,b => PHONE_NUMBER=415-555-2671",
        "no 4155552672",
        "Fr 02079460957",
        "115-555-2671",
        "415-055-2671",
        "415-555.2671",
        "5-415-555-2671",
        "415-555-2671-5",
        "100 200 301 4000",
        "x415-555-2671",
        "2024-01-02 03:04:05",
        "1+4155552672",
        "+999 123 456 789",
        "415-555\\0-2671",
        "+4155"
      })
  void shouldFindPhoneNumbersOnlyInWrittenForms(final String line) {
    check(line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+4111111111111111 => CREDIT_CARD=4111111111111111",
        "4111111111111111@example.com => CREDIT_CARD=4111111111111111",
        "ann@1.2.3.4.example.com => EMAIL_ADDRESS=ann@1.2.3.4.example.com",
        "::ffff:1.2.3.4 => IP_ADDRESS=::ffff:1.2.3.4",
        "ann@example.com 1.2.3.4 536-90-4399 => EMAIL_ADDRESS=ann@example.com"
            + " => IP_ADDRESS=1.2.3.4 => US_SSN=536-90-4399"
      })
  void shouldKeepTheStrongestOfOverlappingFindings(final String line) {
    check(line);
  }
}
