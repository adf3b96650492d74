// A thread that enters a network namespace, and ends: the floor of running a delegate inside.
//
//     enter serve                          each request: the mean of a hundred visits
//
// The namespace is made by a thread at the start, and held by a descriptor. "exec" is the time until the thread is inside.
#include "serve.h"

#include <pthread.h>
#include <sched.h>

static int namespace;
static double inside;

static void *make(void *unused)
{
    check(unshare(CLONE_NEWNET), "unshare");
    namespace = check(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "/proc/thread-self/ns/net");
    return unused;
}

static void *enter(void *unused)
{
    check(setns(namespace, CLONE_NEWNET), "setns");
    inside = now();
    return unused;
}

static void run(void *(*function)(void *))
{
    pthread_t thread;
    if ((errno = pthread_create(&thread, NULL, function, NULL)) != 0)
        die("pthread_create");
    pthread_join(thread, NULL);
}

// The mean of many: one alone is shorter than what a request costs.
static struct figures visit(char *request)
{
    (void)request;
    enum { VISITS = 100 };
    double until = 0, start = now(), before = start;
    for (int i = 0; i < VISITS; i++) {
        run(enter);
        until += inside - before;
        before = now();
    }
    return (struct figures){ until / VISITS, (before - start) / VISITS, 0 };
}

int main(void)
{
    run(make);
    serve(visit);
    return 0;
}
