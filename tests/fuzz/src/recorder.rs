//! Recording, with what the model knows of every node.

use crate::numbers::same;
use crate::panics::catch;
use crate::parameters::Shelf;
use crate::program::{Fold, Item, Operator, Pick, Record};
use std::collections::BTreeMap;
use wengert::view::{Argument, NodeView};
use wengert::{Error, NodeId, OpKind, Tape, Var};

/// What the tape should hold at one place.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: NodeId,
    pub(crate) value: f64,
    pub(crate) label: Option<String>,
    /// The coefficients by input, where the node is a linear function with small whole ones.
    pub(crate) linear: Option<Linear>,
}

pub(crate) type Linear = BTreeMap<usize, f64>;

/// Records on `tape`, and keeps `nodes` in step.
#[derive(Debug)]
pub(crate) struct Recorder<'m, 't> {
    pub(crate) tape: &'t Tape,
    pub(crate) other: &'t Tape,
    pub(crate) shelf: &'t Shelf,
    pub(crate) nodes: &'m mut Vec<Node>,
    /// Whether a view lives, so that nothing can be recorded.
    pub(crate) is_blocked: bool,
    pub(crate) is_limited: bool,
}

/// An operation on its operands, of the tape or constants.
type Outcome<'t> = Result<Var<'t>, String>;

impl<'t> Recorder<'_, 't> {
    pub(crate) fn record(&mut self, step: &Record) {
        match step {
            Record::Input(number) => self.input(number.value()),
            Record::Inputs(count) => (0..*count).for_each(|i| self.input(f64::from(i))),
            Record::Try(kind, picks) => self.apply(*kind, picks),
            Record::Operate(operator, picks) => {
                let operands = picks.map(|pick| self.pick(pick));
                let operands = &operands[..arity(*operator)];
                let kind = matches!(operator, Operator::Clamp).then_some(OpKind::Clamp);
                self.compare(operands, kind, |xs| catch(|| operate(*operator, xs)));
            }
            Record::Iterate(fold, items) => self.iterate(*fold, items),
            Record::Label(pick, label) => self.label(*pick, label),
            Record::Parameters => self.parameters(),
        }
        assert!(self.is_blocked || self.nodes.len() == self.tape.len());
    }

    fn pick(&self, pick: Pick) -> Var<'t> {
        picked(self.tape, self.other, self.nodes, pick)
    }

    fn input(&mut self, value: f64) {
        let len = self.tape.len();
        match self.tape.try_var(value) {
            Ok(var) => assert!(same(var.value(), value) && !self.is_blocked),
            Err(error) => self.check_refusal(&[], &message(error)),
        }
        self.absorb();
        assert!(self.is_blocked || self.is_limited || self.tape.len() == len + 1);
    }

    fn apply(&mut self, kind: u8, picks: &[Pick]) {
        let kind = OpKind::ALL[usize::from(kind) % OpKind::ALL.len()];
        let operands: Vec<_> = picks.iter().map(|&pick| self.pick(pick)).collect();
        // These want constants: whether they get them, only the operands themselves can tell.
        let particular =
            [OpKind::Constant, OpKind::Powi, OpKind::LinearCombination, OpKind::Polynomial];
        let is_refused = particular.contains(&kind) && Var::try_apply(kind, &operands).is_err();
        self.absorb();
        if is_refused {
            return;
        }
        self.compare(&operands, Some(kind), |xs| Var::try_apply(kind, xs).map_err(message));
    }

    /// Runs an operation on constants, which takes no tape, and then on the operands: value and
    /// refusal have to be the same, but for what only a tape can refuse.
    fn compare(
        &mut self,
        operands: &[Var<'t>],
        kind: Option<OpKind>,
        operation: impl for<'a> Fn(&[Var<'a>]) -> Outcome<'a>,
    ) {
        let constants: Vec<Var<'_>> = operands.iter().map(|x| Var::constant(x.value())).collect();
        let (wanted, found) = (operation(&constants), operation(operands));
        let before = self.nodes.len();
        self.absorb();
        match (wanted, found) {
            (Ok(wanted), Ok(var)) => {
                let is_same = same(wanted.value(), var.value());
                let may_differ =
                    kind == Some(OpKind::Clamp) && is_max_and_min(operands, wanted, var);
                assert!(is_same || may_differ, "{wanted:?} became {var:?}");
                assert!(self.is_mixed(operands).is_none(), "two tapes have met");
                if let Some(kind) = kind {
                    self.check_node(kind, operands, var, before);
                }
            }
            (Err(wanted), Err(found)) if wanted == found => {}
            (_, Err(found)) => self.check_refusal(operands, &found),
            (Err(wanted), Ok(var)) => panic!("{var:?}, where a tape-less call says {wanted}"),
        }
    }

    /// A variable of another tape, where there are also variables of this one.
    fn is_mixed(&self, operands: &[Var<'t>]) -> Option<Var<'t>> {
        let is_own = |x: &Var<'_>| x.tape().is_some_and(|tape| std::ptr::eq(tape, self.tape));
        let foreign = operands.iter().find(|x| !x.is_constant() && !is_own(x));
        foreign.filter(|_| operands.iter().any(is_own)).copied()
    }

    /// The node that an operation made has to be the last, of that kind and with those operands.
    fn check_node(&self, kind: OpKind, operands: &[Var<'t>], var: Var<'t>, before: usize) {
        assert_eq!(var.is_constant(), operands.iter().all(Var::is_constant) || operands.is_empty());
        let Some(id) = var.id().filter(|_| std::ptr::eq(self.tape, var.tape().unwrap())) else {
            assert_eq!(before, self.nodes.len(), "nothing is recorded here");
            return;
        };
        assert_eq!(id.index() + 1, self.tape.len());
        let view = self.tape.view();
        let node = view.node(id).expect("the new node");
        if (kind, node.kind()) == (OpKind::Clamp, OpKind::SelectEqual) {
            return; // with variable bounds, three nodes
        }
        assert_eq!(node.kind(), kind);
        let constants = view.ids().skip(before).take(id.index() - before);
        assert!(constants.map(|id| view.node(id).unwrap().kind()).all(|k| k == OpKind::Constant));
        let mut wanted: Vec<_> = operands.iter().map(|x| x.value().to_bits()).collect();
        let mut found: Vec<_> = arguments(self.nodes, &node).iter().map(|x| x.to_bits()).collect();
        if kind == OpKind::MulAdd {
            wanted.sort_unstable(); // a constant factor stands second
            found.sort_unstable();
        }
        assert_eq!(found, wanted, "{kind}");
    }

    /// A tape can refuse what mixes tapes, what is recorded under a view, and what exceeds it.
    fn check_refusal(&self, operands: &[Var<'t>], message: &str) {
        let reason = if message.contains("belong to different tapes") {
            self.is_mixed(operands).is_some()
        } else if message.contains("the tape is being read") {
            self.is_blocked
        } else {
            message.contains("its limit is") && self.is_limited
        };
        assert!(reason, "refused without that reason: {message}");
    }

    fn iterate(&mut self, fold: Fold, items: &[(Item, [Pick; 2])]) {
        let used = |(item, [x, y]): &(Item, [Pick; 2])| match item {
            Item::First => [*x, *x],
            _ => [*x, *y],
        };
        let operands = items.iter().flat_map(used).map(|pick| self.pick(pick));
        let operands: Vec<_> = operands.collect();
        self.compare(&operands, None, |xs| {
            let vars = items.iter().zip(xs.chunks(2)).map(|((item, _), pair)| yielded(*item, pair));
            catch(|| match fold {
                Fold::Sum => vars.sum(),
                Fold::Product => vars.product(),
            })
        });
    }

    fn label(&mut self, pick: Pick, label: &str) {
        let var = self.pick(pick).label(label);
        let own = var.tape().is_some_and(|tape| std::ptr::eq(tape, self.tape));
        if let Some(id) = var.id().filter(|_| own) {
            self.nodes[id.index()].label = Some(label.to_owned());
        }
    }

    fn parameters(&mut self) {
        let (parameters, before) = (&self.shelf.parameters, self.nodes.len());
        let recorded = catch(|| parameters.record(self.tape));
        self.absorb();
        let recorded = match recorded {
            Ok(recorded) => recorded,
            Err(message) => return self.check_refusal(&[], &message),
        };
        let ids = recorded.iter().map(|var| var.id().expect("a node").index());
        assert!(ids.eq(before..self.tape.len()));
        for (key, _, value) in &self.shelf.wanted {
            assert!(same(recorded.var(*key).value(), *value));
        }
        assert!(recorded.get(self.shelf.key(0)).is_err(), "the foreign key");
        if let Some(last) = recorded.iter().last() {
            let gradients = last.gradients();
            let gradient = recorded.gradient(&gradients).expect("of this tape");
            assert!(gradient.iter().rev().skip(1).all(|&g| g == 0.0));
            assert_eq!(gradient.len(), self.shelf.wanted.len());
        }
    }

    /// Takes over the nodes that were recorded since, after a look at each.
    pub(crate) fn absorb(&mut self) {
        let view = self.tape.view();
        assert!(view.len() == self.nodes.len() || !self.is_blocked, "recorded under a view");
        for id in view.ids().skip(self.nodes.len()) {
            let node = view.node(id).expect("the view names its own nodes");
            check_value(self.nodes, &node);
            assert_eq!(view.label(id), None, "{id} inherits a label");
            let (value, linear) = (node.value(), linear(self.nodes, &node));
            self.nodes.push(Node { id, value, label: None, linear });
        }
    }
}

/// The variable or number that is meant.
pub(crate) fn picked<'t>(tape: &'t Tape, other: &'t Tape, nodes: &[Node], pick: Pick) -> Var<'t> {
    let len = nodes.len();
    match pick {
        Pick::Recent(_) | Pick::Early(_) if len == 0 => Var::constant(1.0),
        Pick::Recent(back) => at(tape, &nodes[len - 1 - usize::from(back) % len]),
        Pick::Early(index) => at(tape, &nodes[usize::from(index) % len]),
        Pick::Constant(number) => Var::constant(number.value()),
        Pick::Foreign => {
            let id = other.view().ids().next();
            id.and_then(|id| other.get(id)).expect("the other tape has a node")
        }
    }
}

/// The variable of a node that should be on the tape.
pub(crate) fn at<'t>(tape: &'t Tape, node: &Node) -> Var<'t> {
    let var = tape.get(node.id).expect("a node that should be on the tape");
    assert!(same(var.value(), node.value));
    var
}

/// The message of an error, whose predicates have to agree with it.
fn message(error: Error) -> String {
    let message = error.to_string();
    assert_eq!(error.is_limit(), message.contains("its limit is") || message.contains("can have"));
    assert_eq!(error.is_foreign(), message.contains("belong to different tapes"));
    assert!(!error.is_stale() && !error.is_listing());
    message
}

/// The values of all arguments of a node.
fn arguments(nodes: &[Node], node: &NodeView<'_>) -> Vec<f64> {
    let value = |argument: &Argument<f64>| match *argument {
        Argument::Node(id) => nodes[id.index()].value,
        Argument::Constant(c) => c,
    };
    node.arguments().iter().map(value).collect()
}

/// A node stands behind its operands, and has the value of its operation on theirs.
pub(crate) fn check_value(nodes: &[Node], node: &NodeView<'_>) {
    assert!(node.operands().iter().all(|operand| operand < &node.id()));
    if ![OpKind::Input, OpKind::Constant].contains(&node.kind()) {
        let arguments = arguments(nodes, node);
        let arguments: Vec<Var<'_>> = arguments.into_iter().map(Var::constant).collect();
        let again = Var::try_apply(node.kind(), &arguments).expect("arguments that fit");
        assert!(same(again.value(), node.value()), "{node:?} is {again:?}");
    }
}

/// The linear function that a node is, if it is one: told from its operation alone, without
/// asking for partials.
fn linear(nodes: &[Node], node: &NodeView<'_>) -> Option<Linear> {
    use Argument::{Constant, Node};
    let signs = |second: f64| [1.0, second];
    let arguments = node.arguments();
    let terms: Vec<(f64, Argument<f64>)> = match (node.kind(), arguments.as_slice()) {
        (OpKind::Input, _) => return Some(Linear::from([(node.id().index(), 1.0)])),
        (OpKind::Constant, _) => return Some(Linear::new()),
        (OpKind::Neg, &[x]) => vec![(-1.0, x)],
        (OpKind::Add | OpKind::Sum, xs) => xs.iter().map(|&x| (1.0, x)).collect(),
        (OpKind::Sub, xs) => signs(-1.0).into_iter().zip(xs.iter().copied()).collect(),
        (OpKind::Mul, &[Constant(c), x @ Node(_)] | &[x @ Node(_), Constant(c)]) => vec![(c, x)],
        (OpKind::LinearCombination, xs) => {
            let (coefficients, xs) = xs.split_at(xs.len() / 2);
            let number = |c: &Argument<f64>| if let Constant(c) = c { *c } else { f64::NAN };
            coefficients.iter().map(number).zip(xs.iter().copied()).collect()
        }
        _ => return None,
    };
    combine(nodes, &terms)
}

/// Σ of linear functions, as long as its coefficients stay few, whole and small.
fn combine(nodes: &[Node], terms: &[(f64, Argument<f64>)]) -> Option<Linear> {
    const FEW: usize = 64;
    const SMALL: f64 = 1e6;
    let mut sum = Linear::new();
    for (factor, argument) in terms {
        let Argument::Node(id) = argument else { continue };
        for (input, coefficient) in nodes[id.index()].linear.as_ref()? {
            *sum.entry(*input).or_default() += factor * coefficient;
        }
    }
    let are_small = sum.values().all(|c| c.fract() == 0.0 && c.abs() < SMALL);
    (are_small && sum.len() <= FEW).then_some(sum)
}

/// With variable bounds, a clamp is the maximum and then the minimum, which may take either of two
/// zeros.
fn is_max_and_min(operands: &[Var<'_>], wanted: Var<'_>, found: Var<'_>) -> bool {
    let has_variable_bounds = !operands[1..].iter().all(Var::is_constant);
    has_variable_bounds && wanted == found
}

/// What an iterator yields from a pair of operands.
fn yielded<'a>(item: Item, pair: &[Var<'a>]) -> Var<'a> {
    match item {
        Item::First => pair[0],
        Item::Quotient => pair[0] / pair[1],
        Item::Sum => Var::sum(pair),
        Item::IteratedProduct => pair.iter().product(),
        Item::Panic => panic!("the iterator's own panic"),
    }
}

/// How many of three picks an operator takes.
fn arity(operator: Operator) -> usize {
    use Operator::{Add, AddAssign, Div, Max, Mul, MulByReference, Powf, Rem, Sub};
    use Operator::{Neg, Polynomial, Powi, Sin, SubFromNumber};
    match operator {
        SubFromNumber | Neg | Sin | Powi(_) | Polynomial => 1,
        Add | AddAssign | Sub | Mul | MulByReference | Div | Rem | Powf | Max => 2,
        _ => 3,
    }
}

fn operate<'a>(operator: Operator, xs: &[Var<'a>]) -> Var<'a> {
    let at = |i: usize| xs.get(i).copied().unwrap_or_default();
    let (x, y, z) = (at(0), at(1), at(2));
    match operator {
        Operator::Add => x + y,
        Operator::AddAssign => {
            let mut sum = x;
            sum += y;
            sum += 2.0;
            sum
        }
        Operator::Sub => x - y,
        Operator::SubFromNumber => 2.0 - x,
        Operator::Mul => x * y,
        Operator::MulByReference => {
            let (x, y) = (&x, &y);
            x * y
        }
        Operator::Div => x / y,
        Operator::Rem => x % y,
        Operator::Neg => -x,
        Operator::Sin => x.sin(),
        Operator::Powi(n) => x.powi(n),
        Operator::Powf => x.powf(y),
        Operator::Max => x.max(y),
        Operator::Clamp => x.clamp(y, z),
        Operator::MulAdd => x.mul_add(y, z),
        Operator::Sum => Var::sum(xs),
        Operator::Product => Var::product(xs),
        Operator::LogSumExp => Var::log_sum_exp(xs),
        Operator::Dot => Var::dot(&[x, y], &[y, z]),
        Operator::DotOfUnequal => Var::dot(&[x, y], &[z]),
        Operator::LinearCombination => Var::linear_combination(&[1.0, -2.0, 3.0], xs),
        Operator::Polynomial => x.polynomial(&[1.0, -2.0, 3.0]),
        Operator::Horner => x.horner(&[y, z]),
    }
}
