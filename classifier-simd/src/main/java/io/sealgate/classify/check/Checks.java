package io.sealgate.classify.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The checks that a rule of finder {@code token} can name as its validator. */
public enum Checks {
  US_SSN(DigitChecks::usSsn, false),
  US_ITIN(DigitChecks::usItin, false),
  ABA(DigitChecks::aba, true),
  US_NPI(DigitChecks::usNpi, true),
  UK_NHS(DigitChecks::ukNhs, true),
  CA_SIN(DigitChecks::caSin, true),
  AU_TFN(DigitChecks::auTfn, true),
  AU_ACN(DigitChecks::auAcn, true),
  AU_ABN(DigitChecks::auAbn, true),
  AU_MEDICARE(DigitChecks::auMedicare, true),
  IN_AADHAAR(DigitChecks::inAadhaar, true),
  NG_NIN(DigitChecks::ngNin, true),
  PL_PESEL(DigitChecks::plPesel, true),
  DE_TAX_ID_STRICT(DigitChecks::deTaxIdStrict, true),
  DE_TAX_ID(DigitChecks::deTaxId, true),
  TR_ID(DigitChecks::trId, true),
  TH_ID(DigitChecks::thId, true),
  KR_RRN(DigitChecks::krRrn, false),
  KR_RRN_CHECKED(DigitChecks::krRrnChecked, true),
  KR_FRN(DigitChecks::krFrn, false),
  KR_FRN_CHECKED(DigitChecks::krFrnChecked, true),
  KR_BRN(DigitChecks::krBrn, true),
  ZA_ID(DigitChecks::zaId, true),
  BR_CPF(DigitChecks::brCpf, true),
  BR_CNPJ(DigitChecks::brCnpj, true),
  NL_BSN(DigitChecks::nlBsn, true),
  BE_NRN(DigitChecks::beNrn, true),
  IMEI(DigitChecks::imei, true),
  IT_VAT(DigitChecks::itVat, true),
  SE_PERSONNUMMER(DigitChecks::sePersonnummer, true),
  SE_ORGANISATION(DigitChecks::seOrganisation, true),
  DE_LANR(DigitChecks::deLanr, true),
  DATE(DigitChecks::writtenDate, false),
  VARIED(DigitChecks::varied, false),
  LUHN(DigitChecks::luhnVaried, true),
  DE_VAT(DigitChecks::deVat, true),
  FR_NIR(DigitChecks::frNir, true),
  DEA(LetterChecks::dea, true),
  UK_NINO(LetterChecks::ukNino, false),
  UK_DRIVER(LetterChecks::ukDriver, false),
  IT_FISCAL(LetterChecks::itFiscal, true),
  ES_NIF(LetterChecks::esNif, true),
  FI_HETU(LetterChecks::fiHetu, true),
  ICAO(LetterChecks::icao, true),
  DE_HEALTH(LetterChecks::deHealth, true),
  DE_PENSION(LetterChecks::dePension, true),
  IN_GSTIN(LetterChecks::inGstin, false),
  VIN(LetterChecks::vin, true),
  SG_NRIC(LetterChecks::sgNric, true),
  SG_UEN(LetterChecks::sgUen, true),
  CN_ID(LetterChecks::cnId, true),
  UK_PLATE(LetterChecks::ukPlate, false);

  private final Check check;
  private final boolean checksum;

  Checks(final Check check, final boolean checksum) {
    this.check = check;
    this.checksum = checksum;
  }

  /** The check itself. */
  public Check check() {
    return check;
  }

  /** Whether a check digit is recomputed; otherwise only structure and ranges are looked at. */
  public boolean checksum() {
    return checksum;
  }

  /** The name in a pack, for example {@code us-ssn}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The check with this name. */
  public static Optional<Checks> of(final String key) {
    return Arrays.stream(values()).filter(check -> check.key().equals(key)).findFirst();
  }

  /** All names, for messages. */
  public static String keys() {
    return Arrays.stream(values()).map(Checks::key).collect(Collectors.joining(", "));
  }
}
