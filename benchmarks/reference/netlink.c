// rtnetlink from C: the floor of what a client of it can do.
//
//     netlink stage CONTENT COUNT     fills the network namespace, says "ready", and keeps it until its input ends
//     netlink serve WORK              each request: the work once; tells the CPU time and the time that it took
//
// Contents: gateway, routes, table, links, bridge. Works: veth, add, dump, table, links, group, fdb. The answers' first
// figure is microseconds of CPU time. What makes room for the next time is not counted.
#include "serve.h"

#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { BATCH = 64 << 10, ROUTES = 100000, PAIRS = 100, ENTRIES = 20000, GROUP = 7, SMALL_TABLE = 100 };

static const uint8_t gateway[4] = { 192, 0, 2, 1 };

struct connection {
    int socket;
    uint32_t sequence;
    struct nlmsghdr *message;
    size_t length;
    uint8_t out[BATCH + 1024], in[BATCH];
};

static struct connection here, inside;
static int here_ns, inside_ns;

static void open_connection(struct connection *c)
{
    int on = 1;
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    c->socket = check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    check(setsockopt(c->socket, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on), "NETLINK_EXT_ACK");
    check(setsockopt(c->socket, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on), "NETLINK_CAP_ACK");
    check(setsockopt(c->socket, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof on), "NETLINK_GET_STRICT_CHK");
    check(connect(c->socket, (struct sockaddr *)&kernel, sizeof kernel), "connect");
}

static void *reserve(struct connection *c, size_t size)
{
    void *place = c->out + c->length;
    size_t padded = NLMSG_ALIGN(size);
    memset(place, 0, padded);
    c->length += padded;
    return place;
}

static void begin(struct connection *c, uint16_t type, uint16_t flags, const void *header, size_t size)
{
    c->message = reserve(c, sizeof *c->message);
    *c->message = (struct nlmsghdr){ .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++c->sequence };
    memcpy(reserve(c, size), header, size);
}

static void end(struct connection *c)
{
    c->message->nlmsg_len = (uint32_t)(c->out + c->length - (uint8_t *)c->message);
}

static void put(struct connection *c, uint16_t type, const void *value, size_t size)
{
    struct rtattr *attribute = reserve(c, RTA_LENGTH(size));
    *attribute = (struct rtattr){ .rta_len = (uint16_t)RTA_LENGTH(size), .rta_type = type };
    memcpy(RTA_DATA(attribute), value, size);
}

static void put_int(struct connection *c, uint16_t type, int value) { put(c, type, &value, sizeof value); }

static void put_text(struct connection *c, uint16_t type, const char *text) { put(c, type, text, strlen(text) + 1); }

static struct rtattr *nest(struct connection *c, uint16_t type)
{
    struct rtattr *attribute = reserve(c, sizeof *attribute);
    attribute->rta_type = type | NLA_F_NESTED;
    return attribute;
}

static void close_nest(struct connection *c, struct rtattr *nest) { nest->rta_len = (uint16_t)(c->out + c->length - (uint8_t *)nest); }

// One send, one acknowledgement for all; what fails ends the program.
static void flush(struct connection *c)
{
    if (c->length == 0)
        return;
    c->message->nlmsg_flags |= NLM_F_ACK;
    check((int)send(c->socket, c->out, c->length, 0), "send");
    c->length = 0;
    for (;;) {
        int length = check((int)recv(c->socket, c->in, sizeof c->in, 0), "recv");
        for (struct nlmsghdr *m = (void *)c->in; NLMSG_OK(m, (unsigned)length); m = NLMSG_NEXT(m, length)) {
            if (m->nlmsg_type != NLMSG_ERROR)
                continue;
            errno = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
            if (errno != 0)
                die("netlink");
            if (m->nlmsg_seq == c->sequence)
                return;
        }
    }
}

static void flush_if_full(struct connection *c)
{
    if (c->length > BATCH - 1024)
        flush(c);
}

// One message as the answer.
static void *get(struct connection *c)
{
    end(c);
    check((int)send(c->socket, c->out, c->length, 0), "send");
    c->length = 0;
    check((int)recv(c->socket, c->in, sizeof c->in, 0), "recv");
    struct nlmsghdr *answer = (void *)c->in;
    if (answer->nlmsg_type == NLMSG_ERROR) {
        errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
        die("netlink");
    }
    return NLMSG_DATA(answer);
}

// All messages of a dump, each given to a reader. Returns how many there were.
static int dump(struct connection *c, void (*read)(struct nlmsghdr *message))
{
    c->message->nlmsg_flags |= NLM_F_DUMP;
    end(c);
    check((int)send(c->socket, c->out, c->length, 0), "send");
    c->length = 0;
    for (int count = 0;;) {
        int length = check((int)recv(c->socket, c->in, sizeof c->in, 0), "recv");
        for (struct nlmsghdr *m = (void *)c->in; NLMSG_OK(m, (unsigned)length); m = NLMSG_NEXT(m, length)) {
            if (m->nlmsg_type == NLMSG_DONE)
                return count;
            read(m);
            count++;
        }
    }
}

// ---- links

static void begin_link(struct connection *c, uint16_t type, uint16_t flags, int index, bool up)
{
    struct ifinfomsg header = { .ifi_index = index, .ifi_flags = up ? IFF_UP : 0, .ifi_change = up ? IFF_UP : 0 };
    begin(c, type, flags, &header, sizeof header);
}

// The link in the network namespace with the descriptor, if it is not negative, its peer here.
static void add_veth(struct connection *c, const char *name, int namespace, const char *peer, int group, bool up)
{
    begin_link(c, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, up);
    put_text(c, IFLA_IFNAME, name);
    if (group)
        put_int(c, IFLA_GROUP, group);
    if (namespace >= 0)
        put_int(c, IFLA_NET_NS_FD, namespace);
    struct rtattr *info = nest(c, IFLA_LINKINFO);
    put_text(c, IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(c, IFLA_INFO_DATA), *other = nest(c, VETH_INFO_PEER);
    struct ifinfomsg header = { 0 };
    memcpy(reserve(c, sizeof header), &header, sizeof header);
    put_text(c, IFLA_IFNAME, peer);
    close_nest(c, other);
    close_nest(c, data);
    close_nest(c, info);
    end(c);
}

static void switch_on(struct connection *c, const char *name)
{
    begin_link(c, RTM_NEWLINK, 0, 0, true);
    put_text(c, IFLA_IFNAME, name);
    end(c);
}

static void switch_off(struct connection *c, int index)
{
    struct ifinfomsg header = { .ifi_index = index, .ifi_change = IFF_UP };
    begin(c, RTM_NEWLINK, 0, &header, sizeof header);
    end(c);
}

static void delete_link(struct connection *c, int index)
{
    begin_link(c, RTM_DELLINK, 0, index, false);
    end(c);
}

static int get_index(struct connection *c, const char *name)
{
    begin_link(c, RTM_GETLINK, 0, 0, false);
    put_text(c, IFLA_IFNAME, name);
    put_int(c, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return ((struct ifinfomsg *)get(c))->ifi_index;
}

static void add_address(struct connection *c, int index, const uint8_t address[4], uint8_t prefix)
{
    struct ifaddrmsg header = { .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = (uint32_t)index };
    begin(c, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
    put(c, IFA_LOCAL, address, 4);
    put(c, IFA_ADDRESS, address, 4);
    end(c);
}

// ---- routes

static void add_route(struct connection *c, const uint8_t *destination, uint8_t prefix, int index, int table)
{
    struct rtmsg header = {
        .rtm_family = AF_INET, .rtm_dst_len = prefix, .rtm_table = (uint8_t)table, .rtm_protocol = RTPROT_BOOT,
        .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST,
    };
    begin(c, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
    if (prefix)
        put(c, RTA_DST, destination, 4);
    put_int(c, RTA_TABLE, table);
    put(c, RTA_GATEWAY, gateway, 4);
    put_int(c, RTA_OIF, index);
    end(c);
}

static void add_routes(struct connection *c, int count, int index, int table)
{
    for (int i = 0; i < count; i++) {
        uint8_t destination[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
        add_route(c, destination, 32, index, table);
        flush_if_full(c);
    }
    flush(c);
}

// What a route tells, as a client would keep it.
struct route {
    uint8_t destination[16], source[16], gateway[16], preferred[16];
    uint32_t table, metric, next_hop;
    int index;
    struct rtmsg header;
};

static struct route route;
static volatile uint32_t sink;

static void read_route(struct nlmsghdr *message)
{
    struct rtmsg *header = NLMSG_DATA(message);
    route = (struct route){ .header = *header, .table = header->rtm_table };
    int length = (int)RTM_PAYLOAD(message);
    for (struct rtattr *a = RTM_RTA(header); RTA_OK(a, length); a = RTA_NEXT(a, length)) {
        size_t size = RTA_PAYLOAD(a) > 16 ? 16 : RTA_PAYLOAD(a);
        switch (a->rta_type) {
        case RTA_DST: memcpy(route.destination, RTA_DATA(a), size); break;
        case RTA_SRC: memcpy(route.source, RTA_DATA(a), size); break;
        case RTA_GATEWAY: memcpy(route.gateway, RTA_DATA(a), size); break;
        case RTA_PREFSRC: memcpy(route.preferred, RTA_DATA(a), size); break;
        case RTA_OIF: memcpy(&route.index, RTA_DATA(a), 4); break;
        case RTA_TABLE: memcpy(&route.table, RTA_DATA(a), 4); break;
        case RTA_PRIORITY: memcpy(&route.metric, RTA_DATA(a), 4); break;
        case RTA_NH_ID: memcpy(&route.next_hop, RTA_DATA(a), 4); break;
        }
    }
    sink += route.table + route.destination[3];
}

static int dump_routes(int table)
{
    struct rtmsg header = { .rtm_family = AF_INET };
    begin(&here, RTM_GETROUTE, 0, &header, sizeof header);
    if (table)
        put_int(&here, RTA_TABLE, table);
    return dump(&here, read_route);
}

// What a link tells, as a client would keep it: the names and addresses in memory of its own.
struct link {
    struct ifinfomsg header;
    char *name, *kind, *alias;
    uint8_t *address, *broadcast;
    uint32_t mtu, master, parent, parent_namespace, group, queue;
    uint8_t state;
    struct rtnl_link_stats64 statistics;
};

static struct link *links;
static int link_count, link_room;

static void *copy(struct rtattr *a, bool text)
{
    size_t size = RTA_PAYLOAD(a);
    uint8_t *result = malloc(size + 1);
    memcpy(result, RTA_DATA(a), size);
    if (text)
        result[size] = 0;
    return result;
}

static void read_link(struct nlmsghdr *message)
{
    if (link_count == link_room)
        links = realloc(links, sizeof *links * (size_t)(link_room = link_room ? link_room * 2 : 64));
    struct link *link = &links[link_count++];
    struct ifinfomsg *header = NLMSG_DATA(message);
    *link = (struct link){ .header = *header };
    int length = (int)IFLA_PAYLOAD(message);
    for (struct rtattr *a = IFLA_RTA(header); RTA_OK(a, length); a = RTA_NEXT(a, length)) {
        switch (a->rta_type & NLA_TYPE_MASK) {
        case IFLA_IFNAME: link->name = copy(a, true); break;
        case IFLA_IFALIAS: link->alias = copy(a, true); break;
        case IFLA_ADDRESS: link->address = copy(a, false); break;
        case IFLA_BROADCAST: link->broadcast = copy(a, false); break;
        case IFLA_OPERSTATE: memcpy(&link->state, RTA_DATA(a), 1); break;
        case IFLA_MTU: memcpy(&link->mtu, RTA_DATA(a), 4); break;
        case IFLA_MASTER: memcpy(&link->master, RTA_DATA(a), 4); break;
        case IFLA_LINK: memcpy(&link->parent, RTA_DATA(a), 4); break;
        case IFLA_LINK_NETNSID: memcpy(&link->parent_namespace, RTA_DATA(a), 4); break;
        case IFLA_GROUP: memcpy(&link->group, RTA_DATA(a), 4); break;
        case IFLA_TXQLEN: memcpy(&link->queue, RTA_DATA(a), 4); break;
        case IFLA_STATS64:
            memcpy(&link->statistics, RTA_DATA(a), RTA_PAYLOAD(a) < sizeof link->statistics ? RTA_PAYLOAD(a) : sizeof link->statistics);
            break;
        case IFLA_LINKINFO: {
            int rest = (int)RTA_PAYLOAD(a);
            for (struct rtattr *i = RTA_DATA(a); RTA_OK(i, rest); i = RTA_NEXT(i, rest)) {
                if (i->rta_type == IFLA_INFO_KIND)
                    link->kind = copy(i, true);
            }
        }
        }
    }
}

static void forget_links(void)
{
    for (int i = 0; i < link_count; i++) {
        free(links[i].name);
        free(links[i].kind);
        free(links[i].alias);
        free(links[i].address);
        free(links[i].broadcast);
    }
    link_count = 0;
}

// ---- the works

static double cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static struct figures measure(int (*work)(void), void (*before)(void), void (*after)(void), int expected)
{
    if (before)
        before();
    double cpu_start = cpu(), start = now();
    int result = work();
    double cpu_end = cpu(), end = now();
    if (after)
        after();
    if (result != expected) {
        fprintf(stderr, "netlink: %d where %d were expected\n", result, expected);
        exit(1);
    }
    return (struct figures){ cpu_end - cpu_start, end - start, 0 };
}

// A pair, one end in another namespace with its final name, both up, an address and the default route.
static int make_veth(void)
{
    static const uint8_t address[4] = { 192, 0, 2, 2 };
    add_veth(&here, "eth0", inside_ns, "host0", 0, true);
    switch_on(&here, "host0");
    flush(&here);
    int index = get_index(&inside, "eth0");
    add_address(&inside, index, address, 24);
    add_route(&inside, NULL, 0, index, RT_TABLE_MAIN);
    flush(&inside);
    return 1;
}

static void delete_veth(void)
{
    delete_link(&here, get_index(&here, "host0"));
    flush(&here);
}

static int gateway_index;

static int add_all_routes(void)
{
    add_routes(&here, ROUTES, gateway_index, RT_TABLE_MAIN);
    return ROUTES;
}

// A link that goes down takes its routes along.
static void drop_routes(void)
{
    switch_off(&here, gateway_index);
    flush(&here);
    begin_link(&here, RTM_NEWLINK, 0, gateway_index, true);
    end(&here);
    flush(&here);
    usleep(50000); // The kernel still frees them.
}

static int dump_all_routes(void) { return dump_routes(RT_TABLE_MAIN) >= ROUTES ? ROUTES : 0; }

static int dump_small_table(void) { return dump_routes(SMALL_TABLE); }

static int list_links(void)
{
    begin_link(&here, RTM_GETLINK, 0, 0, false);
    put_int(&here, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return dump(&here, read_link);
}

static void add_pairs(struct connection *c, int pairs, int group)
{
    for (int i = 0; i < pairs; i++) {
        char name[16], peer[16];
        snprintf(name, sizeof name, "a%d", i);
        snprintf(peer, sizeof peer, "b%d", i);
        add_veth(c, name, -1, peer, group, false);
        flush_if_full(c);
    }
    flush(c);
}

static void add_group(void) { add_pairs(&here, PAIRS, GROUP); }

static int delete_group(void)
{
    begin_link(&here, RTM_DELLINK, 0, 0, false);
    put_int(&here, IFLA_GROUP, GROUP);
    end(&here);
    flush(&here);
    return 1;
}

static int port_index;

static int add_entries(void)
{
    struct ndmsg header = { .ndm_family = AF_BRIDGE, .ndm_ifindex = port_index, .ndm_state = NUD_NOARP | NUD_PERMANENT, .ndm_flags = NTF_MASTER };
    for (int i = 0; i < ENTRIES; i++) {
        uint8_t address[6] = { 2, 0, 0, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };
        begin(&here, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL, &header, sizeof header);
        put(&here, NDA_LLADDR, address, sizeof address);
        end(&here);
        flush_if_full(&here);
    }
    flush(&here);
    return ENTRIES;
}

// A port that leaves its bridge takes its entries along.
static void join_bridge(int master)
{
    begin_link(&here, RTM_NEWLINK, 0, port_index, false);
    put_int(&here, IFLA_MASTER, master);
    end(&here);
    flush(&here);
}

static void drop_entries(void)
{
    join_bridge(0);
    join_bridge(get_index(&here, "br0"));
    usleep(50000);
}

static const char *work;

static struct figures serve_once(char *request)
{
    (void)request;
    if (!strcmp(work, "veth"))
        return measure(make_veth, NULL, delete_veth, 1);
    if (!strcmp(work, "add"))
        return measure(add_all_routes, NULL, drop_routes, ROUTES);
    if (!strcmp(work, "dump"))
        return measure(dump_all_routes, NULL, NULL, ROUTES);
    if (!strcmp(work, "table"))
        return measure(dump_small_table, NULL, NULL, 10);
    if (!strcmp(work, "links"))
        return measure(list_links, NULL, forget_links, 1001);
    if (!strcmp(work, "group"))
        return measure(delete_group, add_group, NULL, 1);
    if (!strcmp(work, "fdb"))
        return measure(add_entries, NULL, drop_entries, ENTRIES);
    fprintf(stderr, "unknown work %s\n", work);
    exit(2);
}

// A veth that is up, whose peer's network has the gateway.
static int make_gateway(void)
{
    static const uint8_t address[4] = { 192, 0, 2, 2 };
    add_veth(&here, "v0", -1, "v1", 0, true);
    switch_on(&here, "v1");
    flush(&here);
    int index = get_index(&here, "v0");
    add_address(&here, index, address, 24);
    flush(&here);
    return index;
}

static void make_bridge(void)
{
    begin_link(&here, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, true);
    put_text(&here, IFLA_IFNAME, "br0");
    struct rtattr *info = nest(&here, IFLA_LINKINFO);
    put_text(&here, IFLA_INFO_KIND, "bridge");
    close_nest(&here, info);
    end(&here);
    add_veth(&here, "v0", -1, "v1", 0, true);
    flush(&here);
    port_index = get_index(&here, "v0");
    join_bridge(get_index(&here, "br0"));
}

static void stage(const char *content, int count)
{
    int index = !strcmp(content, "links") || !strcmp(content, "bridge") ? 0 : make_gateway();
    if (!strcmp(content, "links"))
        add_pairs(&here, count, 0);
    else if (!strcmp(content, "bridge"))
        make_bridge();
    else if (strcmp(content, "gateway"))
        add_routes(&here, count, index, RT_TABLE_MAIN);
    if (!strcmp(content, "table"))
        add_routes(&here, 10, index, SMALL_TABLE);
    printf("ready\n");
    fflush(stdout);
    while (getchar() != EOF) {
    }
}

static int open_namespace(void) { return check(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "/proc/self/ns/net"); }

int main(int argc, char **argv)
{
    here_ns = open_namespace();
    open_connection(&here);
    if (argc == 4 && !strcmp(argv[1], "stage")) {
        stage(argv[2], atoi(argv[3]));
        return 0;
    }
    if (argc != 3 || strcmp(argv[1], "serve")) {
        fprintf(stderr, "usage: netlink stage CONTENT COUNT | netlink serve WORK\n");
        return 2;
    }
    work = argv[2];
    if (!strcmp(work, "veth")) {
        check(unshare(CLONE_NEWNET), "unshare");
        inside_ns = open_namespace();
        open_connection(&inside);
        check(setns(here_ns, CLONE_NEWNET), "setns");
    }
    if (!strcmp(work, "add"))
        gateway_index = get_index(&here, "v0");
    if (!strcmp(work, "fdb"))
        port_index = get_index(&here, "v0");
    serve(serve_once);
    return 0;
}
