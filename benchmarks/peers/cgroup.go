// The works of reference/cgroup.c with containerd/cgroups, as its users do them: `cgroup-go WORK MOUNT PAUSE` serves as
// reference/serve.h does. The first figure is microseconds of CPU time.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	cgroups "github.com/containerd/cgroups/v2"
)

const (
	reads = 1000
	count = 100
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "cgroup-go:", err)
		os.Exit(1)
	}
}

func cpu() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: cgroup-go WORK MOUNT PAUSE")
		os.Exit(2)
	}
	mount, group := os.Args[2], fmt.Sprintf("/isolation-bench-go-%d", os.Getpid())
	manager, err := cgroups.NewManager(mount, group, &cgroups.Resources{})
	check(err)
	var made []*cgroups.Manager
	create := func() {
		made = nil
		for i := 0; i < count; i++ {
			child, err := cgroups.NewManager(mount, fmt.Sprintf("%s/c%d", group, i), &cgroups.Resources{})
			check(err)
			made = append(made, child)
		}
	}
	remove := func() {
		for _, child := range made {
			check(child.Delete())
		}
	}
	var paused *exec.Cmd
	before, run, after := func() {}, func() {}, func() {}
	switch os.Args[1] {
	case "stat":
		run = func() {
			for i := 0; i < reads; i++ {
				_, err := manager.Stat()
				check(err)
			}
		}
	case "create":
		run, after = create, remove
	case "remove":
		before, run = create, remove
	case "freeze":
		paused = exec.Command(os.Args[3])
		check(paused.Start())
		check(manager.AddProc(uint64(paused.Process.Pid)))
		run = func() {
			check(manager.Freeze())
			for {
				text, err := os.ReadFile(mount + group + "/cgroup.events")
				check(err)
				if strings.Contains(string(text), "frozen 1") {
					return
				}
			}
		}
		after = func() {
			check(manager.Thaw())
			time.Sleep(15 * time.Millisecond)
		}
	default:
		check(fmt.Errorf("unknown work %s", os.Args[1]))
	}
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		before()
		cpuBefore, start := cpu(), time.Now()
		run()
		wall := time.Since(start)
		cpuAfter := cpu()
		after()
		fmt.Printf("%.1f %.1f 0\n", cpuAfter-cpuBefore, float64(wall.Nanoseconds())/1e3)
	}
	if paused != nil {
		check(paused.Process.Kill())
		paused.Wait()
	}
	check(manager.Delete())
}
