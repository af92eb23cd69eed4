package io.sealgate.policy.cel;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * An expression with its literals taken out: the {@linkplain #key key} is the same for all
 * expressions that one class can serve, the literals fill that class's slots.
 */
public final class Shape {
  /** The types of slots, as the generated class declares them. */
  enum SlotKind {
    LONG(ConstantDescs.CD_long),
    DOUBLE(ConstantDescs.CD_double),
    INT(ConstantDescs.CD_int),
    STRING(ConstantDescs.CD_String),
    /** A text that others are tested to start with. */
    PREFIX(ConstantDescs.CD_String),
    /** A text that others are tested to end with. */
    SUFFIX(ConstantDescs.CD_String),
    STRINGS(StringSet.class.describeConstable().orElseThrow()),
    LONGS(ConstantDescs.CD_long.arrayType()),
    PATTERN(ClassDesc.of("com.google.re2j.Pattern")),
    OBJECT(ConstantDescs.CD_Object);

    final ClassDesc type;

    SlotKind(ClassDesc type) {
      this.type = type;
    }
  }

  /** One literal's place. */
  record Slot(int index, SlotKind kind, Object value) {}

  /** Less than one search for a regex, or a loop, can cost. */
  private static final long CHEAP_COST_MAX = 200;

  private final String source;
  private final Expr expr;
  private final String key;
  private final List<Slot> slots;
  private final Map<Expr, Slot> slotOf;
  private final Object[] literals;

  private Shape(
      String source,
      Expr expr,
      String key,
      List<Slot> slots,
      Map<Expr, Slot> slotOf,
      Object[] literals) {
    this.source = source;
    this.expr = expr;
    this.key = key;
    this.slots = slots;
    this.slotOf = slotOf;
    this.literals = literals;
  }

  /**
   * Reads, checks and translates an expression.
   *
   * @throws RefusedException if it is no CEL, does not fit the schema or is outside the profile
   */
  public static Shape of(Schema schema, String text) throws RefusedException {
    return new Visitor(Translator.translate(schema, text)).shape(text);
  }

  /**
   * The bools of several shapes as one, for a class that evaluates them together. It shares nothing
   * with them, and what they have in common is part of its key.
   *
   * @throws RefusedException never for shapes that were read with this schema
   */
  public static Shape fused(Schema schema, List<Shape> tests) throws RefusedException {
    final List<Expr> parts = new ArrayList<>();
    final StringBuilder sources = new StringBuilder();
    for (final Shape test : tests) {
      // Shapes of one key share an expression, which has the literals of one of them.
      parts.add(Translator.translate(schema, test.source));
      sources.append(test.source).append('\n');
    }
    final Expr root = new Expr.Make(false, parts, "");
    final Shape shape = new Visitor(root).shape(sources.toString());
    return new Shape(
        shape.source,
        root,
        "fused " + shape.key + new CommonTerms(root).key(),
        shape.slots,
        shape.slotOf,
        shape.literals);
  }

  /** Same for all expressions that one class can serve. */
  public String key() {
    return key;
  }

  /** Whether it may be evaluated where it is not sure that anyone wants to know. */
  public boolean isCheap() {
    return Cost.of(expr) <= CHEAP_COST_MAX;
  }

  /** The expression as it was written. */
  public String source() {
    return source;
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

  /** The value of a slot by its index. */
  Object literal(int slot) {
    return literals[slot];
  }

  /** What the generated constructor takes: the values in slot order. */
  Object[] literals() {
    return literals.clone();
  }

  /** The same with all but the literals shared with another shape of the same key. */
  Shape sharing(Shape same) {
    return new Shape(source, same.expr, same.key, same.slots, same.slotOf, literals);
  }

  /** Takes the literals out. */
  private static final class Visitor {
    private final Expr root;
    private final StringBuilder text = new StringBuilder();
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Expr, Slot> slotOf = new IdentityHashMap<>();
    private final Map<Expr.Variable, Integer> variables = new IdentityHashMap<>();

    Visitor(Expr root) {
      this.root = root;
    }

    Shape shape(String source) {
      visit(root);
      return new Shape(
          source, root, text.toString(), slots, slotOf, slots.stream().map(Slot::value).toArray());
    }

    private void visit(Expr e) {
      switch (e) {
        case Expr.BoolLiteral b -> text.append(b.truth());
        case Expr.Literal l -> slot(e, literalKind(l), l.value());
        case Expr.Read r -> {
          text.append(r.type()).append(' ').append(r.access().member());
          if (r.argument() != null) {
            slot(e, r.argument() instanceof Integer ? SlotKind.INT : SlotKind.OBJECT, r.argument());
          }
        }
        case Expr.Local l -> text.append('v').append(number(l.variable()));
        case Expr.Unbox u -> node("unbox " + u.type(), u);
        case Expr.Not n -> node("!", n);
        case Expr.Logic l -> node((l.conjunction() ? "&& " : "|| ") + l.type(), l);
        case Expr.Conditional c -> node("? " + c.type(), c);
        case Expr.Compare c -> node(c.op().name(), c);
        case Expr.CompareBoxed c -> node("boxed " + c.op() + " " + c.bare().type(), c);
        case Expr.InBoxed i -> node("in boxed", i);
        case Expr.Quantifier q -> node((q.all() ? "all v" : "exists v") + number(q.element()), q);
        case Expr.Arithmetic a -> node(a.op().name(), a);
        case Expr.Negate n -> node("NEGATE", n);
        case Expr.ToDouble d -> node("double", d);
        case Expr.TextTest t -> textTest(t);
        case Expr.Size s -> node("size", s);
        case Expr.Matches m -> {
          node("matches", m);
          slot(e, SlotKind.PATTERN, m.pattern());
        }
        case Expr.InStrings i -> inStrings(i);
        case Expr.InInts i -> {
          node("in", i);
          slot(e, SlotKind.LONGS, i.set());
        }
        case Expr.Call c -> node("call " + c.function().name(), c);
        case Expr.Select s -> {
          // A field may hold any character: the length tells where it ends.
          text.append(s.field().length()).append(s.test() ? '?' : '.').append(s.field());
          node("select", s);
        }
        case Expr.Make m -> node((m.map() ? "map " : "list ") + m.optional().replace(' ', '-'), m);
        case Expr.Loop l -> {
          text.append("loop v").append(number(l.first())).append(" v");
          text.append(l.second() == null ? -1 : number(l.second()));
          node(" v" + number(l.accumulator()), l);
        }
        case Expr.Bind b -> node("bind v" + number(b.variable()), b);
      }
    }

    private void textTest(Expr.TextTest t) {
      if (!(t.part() instanceof Expr.Literal part) || t.op() == Expr.TextTestOp.CONTAINS) {
        node(t.op().name(), t);
        return;
      }
      text.append('(').append(t.op()).append(' ');
      visit(t.text());
      text.append(' ');
      final boolean start = t.op() == Expr.TextTestOp.STARTS_WITH;
      slot(part, start ? SlotKind.PREFIX : SlotKind.SUFFIX, part.value());
      text.append(')');
    }

    /** Few texts have a slot each, the last ones null, which equals none: so shapes stay few. */
    private void inStrings(Expr.InStrings in) {
      node("in", in);
      final int few = in.few();
      if (few == 0) {
        slot(in, SlotKind.STRINGS, StringSet.of(in.set()));
        return;
      }
      final Iterator<String> texts = new TreeSet<>(in.set()).iterator();
      for (int i = 0; i < few; i++) {
        final Slot first = slotOf.get(in);
        slot(in, SlotKind.STRING, texts.hasNext() ? texts.next() : null);
        if (first != null) {
          slotOf.put(in, first);
        }
      }
    }

    private int number(Expr.Variable variable) {
      return variables.computeIfAbsent(variable, _ -> variables.size());
    }

    private static SlotKind literalKind(Expr.Literal literal) {
      return switch (literal.type()) {
        case INT -> SlotKind.LONG;
        case DOUBLE -> SlotKind.DOUBLE;
        case STRING -> SlotKind.STRING;
        case VALUE -> SlotKind.OBJECT;
        case BOOL -> throw new IllegalStateException("a bool literal has no slot");
      };
    }

    private void node(String name, Expr e) {
      text.append('(').append(name);
      for (final Expr operand : e.operands()) {
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
}
