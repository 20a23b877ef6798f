package topology

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// metric is one figure that objectives can bound.
type metric struct {
	name string
	doc  string
	unit unit
}

// unit is how the value of a metric is written.
type unit uint8

const (
	shareUnit  unit = iota // 0..1
	ratioUnit              // a share that may be negative or exceed 100%
	rateUnit               // per second
	timeUnit               // seconds
	countUnit              // a plain whole number
	numberUnit             // a plain number
)

// metrics lists the metrics of the language.
func metrics() []metric {
	return []metric{
		{"availability", "share of requests answered, degraded answers included, e.g. \">= 99.9%\"", shareUnit},
		{"strict_availability", "share of requests answered in full, e.g. \">= 99%\"", shareUnit},
		{"goodput", "answers per time, e.g. \">= 800/s\"", rateUnit},
		{"latency", "of ok and degraded requests, e.g. {p99: \"<= 400ms\"}", timeUnit},
		{"utilization", "busy slots of a service, e.g. \"<= 85%\"", shareUnit},
		{"headroom", "capacity left without some zones, e.g. {zones: 1, of: \">= 0%\"}", ratioUnit},
		{"recovers_within", "from the fault's end until availability is back, e.g. 3m", timeUnit},
		{"stale_reads", "stale answers of stores, e.g. \"<= 100\"", countUnit},
		{"lost_writes", "acknowledged writes that were lost, e.g. \"<= 0\"", countUnit},
		{"instances", "instances in service, e.g. \"<= 40\"", countUnit},
		{"cost", "cost of the instances, e.g. \"<= 1000\"", numberUnit},
	}
}

func latencyQuantiles() []string { return []string{"mean", "p50", "p90", "p95", "p99", "p99.9"} }

func phases() []string { return []string{"all", "before", "fault", "recovery"} }

func (l *loader) readObjectives() {
	for _, f := range l.files {
		n := f.top.get("objectives")
		if n == nil || f.library {
			continue
		}
		for _, item := range f.items(n, "`objectives`") {
			l.topology.Objectives = append(l.topology.Objectives, l.objective(f.file, item)...)
		}
	}
}

// objective reads one entry: a latency with several figures gives as many objectives.
func (l *loader) objective(f *file, n *yaml.Node) []*Objective {
	o, ok := f.open(n, f.lang.objective, "an objective")
	if !ok {
		return nil
	}
	common := Objective{Pos: f.pos(n), During: f.word(o.get("during"), f.lang.objective.find("during").value, "all")}
	l.subject(f, o, &common)
	name := f.exactlyOne(o, f.lang.objective.only, "an objective")
	value := o.get(name)
	if value == nil {
		return nil
	}
	common.Metric = name
	f.checkSubject(o, &common)
	var all []*Objective
	switch name {
	case "latency":
		all = f.latencyObjectives(value, common)
	case "headroom":
		all = f.headroomObjective(value, common)
	default:
		if f.bound(value, &common) {
			all = []*Objective{&common}
		}
	}
	for _, objective := range all {
		objective.Text = objective.text()
	}
	return all
}

// subject resolves whom an objective judges.
func (l *loader) subject(f *file, o fields, objective *Objective) {
	if n := o.get("scenario"); n != nil {
		objective.Scenario = l.judged(f, n)
	}
	if n := o.get("of"); n != nil {
		objective.Of = f.known(n, "traffic", l.trafficNames)
	}
	if n := o.get("service"); n != nil {
		objective.Service = f.known(n, l.word(), l.names)
	}
}

// judged resolves the name of a scenario, "*" or none.
func (l *loader) judged(f *file, n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && (n.Value == "*" || n.Value == "none") {
		return n.Value
	}
	if problems, ok := l.leftOut[n.Value]; ok && n.Kind == yaml.ScalarNode {
		for _, p := range problems {
			l.problems.add(p)
		}
		return n.Value
	}
	return f.known(n, "scenario", l.scenarioNames)
}

func (f *file) known(n *yaml.Node, what string, names []string) string {
	written, ok := f.scalar(n, "the name of a "+what)
	if !ok {
		return ""
	}
	for _, name := range names {
		if name == written {
			return name
		}
	}
	f.fail(n, "unknown-name", "there is no "+what+" `"+clip(written)+"`; "+f.hint(written, names))
	return ""
}

// checkSubject refuses metrics that their subject does not have.
func (f *file) checkSubject(o fields, objective *Objective) {
	m := objective.Metric
	if o.has("of") && o.has("service") {
		f.fail(o.keys["of"], "conflict", "an objective judges a `service` or, with `of`, a traffic, not both")
	}
	switch m {
	case "utilization":
		if !o.has("service") {
			f.fail(o.keys[m], "missing-key", "`utilization` is that of a service: add `service`")
		}
	case "strict_availability", "goodput", "recovers_within":
		if o.has("service") {
			f.fail(o.keys["service"], "conflict", "`"+m+"` is what clients see; it has no `service`")
		}
	}
	if o.has("of") && (m == "headroom" || m == "instances" || m == "cost" || m == "stale_reads" || m == "lost_writes") {
		f.fail(o.keys["of"], "conflict", "`"+m+"` is not a figure of a traffic")
	}
	if o.has("during") && (m == "recovers_within" || m == "headroom") {
		f.fail(o.keys["during"], "conflict", "`"+m+"` has no phase")
	}
}

func (f *file) latencyObjectives(n *yaml.Node, common Objective) []*Objective {
	o, ok := f.open(n, f.lang.objectiveLatency, "`latency`")
	if !ok {
		return nil
	}
	var all []*Objective
	for _, quantile := range latencyQuantiles() {
		value := o.get(quantile)
		if value == nil {
			continue
		}
		one := common
		one.Quantile, one.Pos = quantile, f.pos(o.keys[quantile])
		if f.bound(value, &one) {
			all = append(all, &one)
		}
	}
	if len(o.keys) == 0 {
		f.fail(n, "missing-key", "`latency` needs one of the keys "+enumerate(latencyQuantiles()))
	}
	if len(all) == 1 {
		all[0].Pos = common.Pos
	}
	return all
}

func (f *file) headroomObjective(n *yaml.Node, common Objective) []*Objective {
	o, ok := f.open(n, f.lang.objectiveHeadroom, "`headroom`")
	if !ok {
		return nil
	}
	common.Zones = f.count(o.get("zones"), 1, 1, maxZones)
	if value := o.get("of"); value == nil || !f.bound(value, &common) {
		return nil
	}
	return []*Objective{&common}
}

// bound reads an operator and a value.
func (f *file) bound(n *yaml.Node, objective *Objective) bool {
	written, ok := f.scalar(n, "a bound (for example `\">= 99.9%\"`)")
	if !ok {
		return false
	}
	rest := written
	for _, op := range []string{">=", "<=", ">", "<"} {
		if after, ok := strings.CutPrefix(written, op); ok {
			objective.Op, rest = op, strings.TrimLeft(after, " ")
			break
		}
	}
	if objective.Op == "" {
		if objective.Metric != "recovers_within" {
			f.fail(n, "bad-value", "a bound begins with `>=`, `<=`, `>` or `<`, as in `\">= "+clip(written)+"\"`")
			return false
		}
		objective.Op = "<="
	}
	value, err := objective.parse(rest)
	if err != nil {
		f.failQuantity(n, err)
		return false
	}
	objective.Value = value
	return true
}

func unitOf(name string) unit {
	for _, m := range metrics() {
		if m.name == name {
			return m.unit
		}
	}
	return numberUnit
}

func (o *Objective) parse(text string) (float64, error) {
	switch unitOf(o.Metric) {
	case shareUnit:
		return ParseShare(text)
	case ratioUnit:
		return ParseRatio(text)
	case rateUnit:
		return ParseRate(text)
	case timeUnit:
		d, err := ParseDuration(text)
		return d.Seconds(), err
	case countUnit:
		n, err := ParseCount(text)
		return float64(n), err
	default:
		return ParseNumber(text)
	}
}

// FormatValue writes a figure of the objective's metric in the language's
// notation. Callers that want fewer digits round first.
func (o *Objective) FormatValue(v float64) string {
	switch unitOf(o.Metric) {
	case shareUnit, ratioUnit:
		return FormatShare(v)
	case rateUnit:
		return FormatRate(v)
	case timeUnit:
		return FormatDuration(seconds(v))
	default:
		return formatNumber(v)
	}
}

// text is the canonical form in one line, such as
// `gorilla: latency p99 of members <= 400ms during fault`.
func (o *Objective) text() string {
	parts := []string{o.Metric}
	if o.Quantile != "" {
		parts = append(parts, o.Quantile)
	}
	if o.Metric == "headroom" {
		parts = append(parts, "without "+formatInt(o.Zones)+" "+plural("zone", o.Zones))
	}
	if subject := o.Of + o.Service; subject != "" {
		parts = append(parts, "of "+subject)
	}
	parts = append(parts, o.Op, o.FormatValue(o.Value))
	if o.During != "all" {
		parts = append(parts, "during "+o.During)
	}
	scenario := o.Scenario
	if scenario == "" {
		scenario = "*"
	}
	return scenario + ": " + strings.Join(parts, " ")
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
