// The works of reference/netlink.c with vishvananda/netlink, as its users do them: `netlink-go WORK` serves as
// reference/serve.h does. The first figure is microseconds of CPU time.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"runtime"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"
)

const (
	routes     = 100000
	pairs      = 100
	entries    = 20000
	smallTable = 100
)

var gateway = net.IPv4(192, 0, 2, 1)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "netlink-go:", err)
		os.Exit(1)
	}
}

func find(name string) netlink.Link {
	link, err := netlink.LinkByName(name)
	check(err)
	return link
}

func expect(count int, expected int) {
	if count != expected {
		check(fmt.Errorf("%d where %d were expected", count, expected))
	}
}

func cpu() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

type work struct {
	before, run, after func()
}

// The pair is made here, one end moves, and is named, switched on and given its address there.
func veth() work {
	runtime.LockOSThread()
	here, err := netns.Get()
	check(err)
	there, err := netns.New()
	check(err)
	check(netns.Set(here))
	runtime.UnlockOSThread()
	inside, err := netlink.NewHandleAt(there)
	check(err)
	return work{run: func() {
		pair := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "host0"}, PeerName: "moved0"}
		check(netlink.LinkAdd(pair))
		peer := find("moved0")
		check(netlink.LinkSetNsFd(peer, int(there)))
		check(netlink.LinkSetUp(pair))
		moved, err := inside.LinkByName("moved0")
		check(err)
		check(inside.LinkSetName(moved, "eth0"))
		address, err := netlink.ParseAddr("192.0.2.2/24")
		check(err)
		check(inside.AddrAdd(moved, address))
		check(inside.LinkSetUp(moved))
		check(inside.RouteAdd(&netlink.Route{LinkIndex: moved.Attrs().Index, Gw: gateway}))
	}, after: func() { check(netlink.LinkDel(find("host0"))) }}
}

func add() work {
	link := find("v0")
	index := link.Attrs().Index
	return work{run: func() {
		for i := 0; i < routes; i++ {
			destination := &net.IPNet{IP: net.IPv4(10, byte(i>>16), byte(i>>8), byte(i)), Mask: net.CIDRMask(32, 32)}
			check(netlink.RouteAdd(&netlink.Route{LinkIndex: index, Dst: destination, Gw: gateway}))
		}
	}, after: func() {
		check(netlink.LinkSetDown(link))
		check(netlink.LinkSetUp(link))
		time.Sleep(50 * time.Millisecond)
	}}
}

func dump() work {
	return work{run: func() {
		list, err := netlink.RouteList(nil, netlink.FAMILY_V4)
		check(err)
		if len(list) < routes {
			expect(len(list), routes)
		}
	}}
}

func table() work {
	return work{run: func() {
		list, err := netlink.RouteListFiltered(netlink.FAMILY_V4, &netlink.Route{Table: smallTable}, netlink.RT_FILTER_TABLE)
		check(err)
		expect(len(list), 10)
	}}
}

func links() work {
	return work{run: func() {
		list, err := netlink.LinkList()
		check(err)
		expect(len(list), 1001)
	}}
}

func group() work {
	var made []netlink.Link
	return work{before: func() {
		made = nil
		for i := 0; i < pairs; i++ {
			pair := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: fmt.Sprintf("a%d", i)}, PeerName: fmt.Sprintf("b%d", i)}
			check(netlink.LinkAdd(pair))
			made = append(made, pair)
		}
	}, run: func() {
		for _, link := range made {
			check(netlink.LinkDel(link))
		}
	}}
}

func fdb() work {
	port := find("v0")
	index := port.Attrs().Index
	return work{run: func() {
		for i := 0; i < entries; i++ {
			check(netlink.NeighAdd(&netlink.Neigh{
				LinkIndex:    index,
				Family:       unix.AF_BRIDGE,
				State:        netlink.NUD_NOARP | netlink.NUD_PERMANENT,
				Flags:        netlink.NTF_MASTER,
				HardwareAddr: net.HardwareAddr{2, 0, 0, byte(i >> 16), byte(i >> 8), byte(i)},
			}))
		}
	}, after: func() {
		check(netlink.LinkSetNoMaster(port))
		check(netlink.LinkSetMaster(port, find("br0")))
		time.Sleep(50 * time.Millisecond)
	}}
}

func main() {
	works := map[string]func() work{"veth": veth, "add": add, "dump": dump, "table": table, "links": links, "group": group, "fdb": fdb}
	if len(os.Args) != 2 || works[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: netlink-go WORK")
		os.Exit(2)
	}
	work := works[os.Args[1]]()
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		if work.before != nil {
			work.before()
		}
		cpuBefore, before := cpu(), time.Now()
		work.run()
		wall := time.Since(before)
		cpuAfter := cpu()
		if work.after != nil {
			work.after()
		}
		fmt.Printf("%.1f %.1f 0\n", cpuAfter-cpuBefore, float64(wall.Nanoseconds())/1e3)
	}
}
