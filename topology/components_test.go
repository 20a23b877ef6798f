package topology

import "testing"

func TestComponentsShareIndices(t *testing.T) {
	top := &Topology{
		Services:  []*Service{{Name: "a", Instances: []int{1}}, {Name: "b", Instances: []int{2}}},
		Stores:    []*Store{{Name: "c", Nodes: []int{3}}},
		Externals: []*External{{Name: "d"}},
		CDNs:      []*CDN{{Name: "e"}, {Name: "f"}},
	}
	for i, want := range []struct {
		name  string
		kind  Kind
		of    int
		fleet int
	}{
		{"a", ServiceKind, 0, 1},
		{"b", ServiceKind, 1, 2},
		{"c", StoreKind, 0, 3},
		{"d", ExternalKind, 0, 0},
		{"e", CDNKind, 0, 0},
		{"f", CDNKind, 1, 0},
	} {
		kind, of := top.Component(i)
		if kind != want.kind || of != want.of || top.ComponentName(i) != want.name || top.First(kind)+of != i {
			t.Errorf("component %d is %v %d, %q", i, kind, of, top.ComponentName(i))
		}
		fleet := top.InstancesOf(i)
		if (fleet != nil) != (i < top.Fleets()) || fleet != nil && fleet[0] != want.fleet {
			t.Errorf("component %d has instances %v", i, fleet)
		}
	}
	top.Services[1].Operations = []*Operation{{Name: "x"}, {Name: "y"}}
	for at, want := range map[Target]string{{1, 1}: "b.y", {2, AnyOperation}: "c", {2, WriteOperation}: "c.write", {4, 0}: "e"} {
		if got := top.TargetName(at); got != want {
			t.Errorf("%v is %s, not %s", at, got, want)
		}
	}
	if n := top.Components(); n != 6 {
		t.Errorf("%d components", n)
	}
}
