package io.sealgate.policy;

import io.sealgate.policy.Attribute.Type;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A condition with its literals taken out: the {@linkplain #key key} is the same for all conditions
 * that one class can serve, the literals fill that class's slots.
 */
final class Shape {
  /** The types of slots, as the generated class declares them. */
  enum SlotKind {
    LONG(ConstantDescs.CD_long),
    DOUBLE(ConstantDescs.CD_double),
    INT(ConstantDescs.CD_int),
    STRING(ConstantDescs.CD_String),
    STRINGS(ConstantDescs.CD_Set),
    LONGS(ConstantDescs.CD_long.arrayType()),
    PATTERN(ClassDesc.of("com.google.re2j.Pattern"));

    final ClassDesc type;

    SlotKind(ClassDesc type) {
      this.type = type;
    }
  }

  /** One literal's place. */
  record Slot(int index, SlotKind kind, Object value) {}

  private final Expr expr;
  private final StringBuilder text = new StringBuilder();
  private final List<Slot> slots = new ArrayList<>();
  private final Map<Expr, Slot> slotOf = new IdentityHashMap<>();

  private Shape(Expr expr) {
    this.expr = expr;
    visit(expr);
  }

  static Shape of(Expr expr) {
    return new Shape(expr);
  }

  /** Refuses what could not be compiled, so that a document's author learns it with the line. */
  void checkSize() throws CelFrontEnd.RefusedException {
    if (!ShapeEmitter.emit(this).withinLimit()) {
      throw new CelFrontEnd.RefusedException(
          "it compiles to more than " + ShapeEmitter.CODE_BYTES_MAX + " bytes of code",
          "split the rule into several");
    }
  }

  String key() {
    return text.toString();
  }

  Expr expr() {
    return expr;
  }

  List<Slot> slots() {
    return slots;
  }

  Slot slotOf(Expr literal) {
    return slotOf.get(literal);
  }

  /** What the generated constructor takes: the values in slot order. */
  Object[] literals() {
    return slots.stream().map(Slot::value).toArray();
  }

  private void visit(Expr e) {
    switch (e) {
      case Expr.BoolLiteral b -> text.append(b.truth());
      case Expr.Literal l -> slot(e, literalKind(l), l.value());
      case Expr.Read r -> text.append(r.attribute().celName);
      case Expr.FindingCount f -> {
        text.append("findings");
        slot(e, SlotKind.INT, f.typeId());
      }
      case Expr.LabelCount _ -> text.append("labels");
      case Expr.Not n -> node("!", n.operand());
      case Expr.Logic l -> node(l.conjunction() ? "&&" : "||", l.left(), l.right());
      case Expr.Conditional c -> node("?", c.condition(), c.whenTrue(), c.whenFalse());
      case Expr.Compare c -> node(c.op().name(), c.left(), c.right());
      case Expr.Arithmetic a -> node(a.op().name(), a.left(), a.right());
      case Expr.Negate n -> node("NEGATE", n.operand());
      case Expr.ToDouble d -> node("double", d.operand());
      case Expr.TextTest t -> node(t.op().name(), t.text(), t.part());
      case Expr.Size s -> node("size", s.text());
      case Expr.Matches m -> {
        node("matches", m.text());
        slot(e, SlotKind.PATTERN, m.pattern());
      }
      case Expr.InStrings i -> {
        node("in", i.element());
        slot(e, SlotKind.STRINGS, i.set());
      }
      case Expr.InInts i -> {
        node("in", i.element());
        slot(e, SlotKind.LONGS, i.set());
      }
    }
  }

  private static SlotKind literalKind(Expr.Literal literal) {
    return literal.type() == Type.INT
        ? SlotKind.LONG
        : literal.type() == Type.DOUBLE ? SlotKind.DOUBLE : SlotKind.STRING;
  }

  private void node(String name, Expr... operands) {
    text.append('(').append(name);
    for (final Expr operand : operands) {
      text.append(' ');
      visit(operand);
    }
    text.append(')');
  }

  private void slot(Expr e, SlotKind kind, Object value) {
    final Slot slot = new Slot(slots.size(), kind, value);
    slots.add(slot);
    slotOf.put(e, slot);
    text.append('$').append(kind);
  }
}
