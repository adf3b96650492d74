// A payload that stays: until a signal ends it.
#include <sys/syscall.h>

_Noreturn void _start(void)
{
    for (;;) {
#if defined(__x86_64__)
        register long mask __asm__("r10") = 0;
        long result = SYS_ppoll;
        __asm__ volatile("syscall" : "+a"(result) : "D"(0), "S"(0), "d"(0), "r"(mask) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
        register long number __asm__("x8") = SYS_ppoll;
        register long result __asm__("x0") = 0;
        register long count __asm__("x1") = 0;
        register long timeout __asm__("x2") = 0;
        register long mask __asm__("x3") = 0;
        __asm__ volatile("svc #0" : "+r"(result) : "r"(number), "r"(count), "r"(timeout), "r"(mask) : "memory");
#else
#error "x86-64 and arm64 only"
#endif
    }
}
