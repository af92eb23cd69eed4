package io.sealgate.policy.cel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What several expressions are found to have in common. */
final class CommonTermsTest {
  private static final Expr.Read INPUT =
      new Expr.Read(Type.INT, Access.field(java.lang.constant.ConstantDescs.CD_Object, "i"), null);

  private static Expr above(long bound) {
    return new Expr.Compare(Expr.CompareOp.GT, INPUT, new Expr.Literal(Type.INT, bound));
  }

  private static Expr both(Expr left, Expr right) {
    return new Expr.Logic(Type.BOOL, true, left, right);
  }

  private static CommonTerms of(Expr... tests) {
    return new CommonTerms(new Expr.Make(false, List.of(tests), ""));
  }

  @Test
  void shouldTakeTheLargestTermsThatCannotFail() {
    final Expr shared = both(above(1), above(2));
    assertEquals(
        List.of(shared), of(both(above(7), shared), shared, both(shared, above(8))).terms());
    assertEquals(List.of(above(1)), of(both(above(1), above(2)), above(1)).terms());
    assertEquals(List.of(), of(above(1), above(2)).terms());
    final Expr failing =
        new Expr.Compare(
            Expr.CompareOp.GT,
            new Expr.Arithmetic(Expr.ArithmeticOp.ADD, INPUT, INPUT),
            new Expr.Literal(Type.INT, 1L));
    assertEquals(List.of(), of(failing, failing).terms());
  }

  @Test
  void shouldTellExpressionsApartWhenTheyShareOtherPlaces() {
    assertEquals(of(above(1), above(1), above(2)).key(), of(above(3), above(3), above(4)).key());
    assertNotEquals(of(above(1), above(1), above(2)).key(), of(above(1), above(2), above(2)).key());
  }
}
