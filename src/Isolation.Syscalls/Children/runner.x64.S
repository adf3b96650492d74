# The interpreter as a program of its own, for x64: it runs a syscall program in a fresh address space, in which nothing
# of the manager is. Runner.Code.cs carries its bytes, which are the whole file: a static ELF executable without sections.
#
# It is started with the program as descriptor 3 and the frame as descriptor 4, maps both where the steps expect them, and
# walks the steps. A step that forks ends the parent, or makes it the init of its pid namespace: it reaps whatever ends,
# passes signals on to its child, and ends as that does.
#
# Addresses and descriptors: RunnerLayout.cs. All signals are blocked by whoever executes this.

        .intel_syntax noprefix
        .include "interpreter.x64.S"

        .set NR_write,           1
        .set NR_mmap,            9
        .set NR_wait4,           61
        .set NR_kill,            62
        .set NR_rt_sigtimedwait, 128
        .set NR_close_range,     436
        .set PROT_READ,          1
        .set PROT_WRITE,         2
        .set MAP_SHARED,         1
        .set MAP_PRIVATE,        2
        .set MAP_FIXED_NOREPLACE, 0x100000
        .set WAIT_OPTIONS,       0x40000001             # __WALL|WNOHANG
        .set SIGCHLD,            17

        .set runner_base,        0x400000
        .set runner_program,     0x10000000
        .set runner_program_size, 0x1000000
        .set runner_frame,       0x20000000
        .set runner_frame_size,  0xa000
        .set runner_program_fd,  3
        .set runner_frame_fd,    4
        .set runner_channel_fd,  5

        .text
file:                                                   # elf(5): Elf64_Ehdr
        .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0         # 64 bits, little endian, version 1
        .quad   0
        .short  2, 62                                   # ET_EXEC, EM_X86_64
        .long   1
        .quad   runner_base + (start - file), segments - file, 0
        .long   0
        .short  64, 56, 2, 64, 0, 0
segments:                                               # Elf64_Phdr: PT_LOAD, read and execute
        .long   1, 5
        .quad   0, runner_base, runner_base, end - file, end - file, 0x10000
        .long   0x6474e551, 6                           # PT_GNU_STACK, not executable
        .quad   0, 0, 0, 0, 0, 16

start:
        mov     edi, runner_program
        mov     esi, runner_program_size
        mov     edx, PROT_READ
        mov     r10d, MAP_PRIVATE | MAP_FIXED_NOREPLACE
        mov     r8d, runner_program_fd
        xor     r9d, r9d
        mov     eax, NR_mmap
        syscall
        cmp     rax, rdi
        jne     unmapped
        mov     edi, runner_frame
        mov     esi, runner_frame_size
        mov     edx, PROT_READ | PROT_WRITE
        mov     r10d, MAP_SHARED | MAP_FIXED_NOREPLACE
        mov     r8d, runner_frame_fd
        mov     eax, NR_mmap
        syscall
        cmp     rax, rdi
        jne     unmapped
        mov     rbx, rax
        mov     r12, [rbx + frame_steps]
        mov     r13, [rbx + frame_values]
        xor     r14d, r14d
        interpreter

unmapped:
        mov     edi, 126
        jmp     exit

parent:
        test    byte ptr [r12 + step_flags], 8          # Stay
        jnz     init

        # Where clone wrote the child's id, the child could be made to write another.
        mov     rcx, [r12 + step_arguments + 16]
        test    rcx, rcx
        jz      leave
        mov     [rbx + rcx], eax
leave:
        xor     edi, edi
        jmp     exit

        # The child has executed its program, or has ended: its fork was a vfork. It has its own descriptors; those kept here
        # would keep the other ends of its pipes waiting.
init:
        mov     r15d, eax                               # r15: the child, whose status is ours
        mov     edi, runner_channel_fd
        mov     rsi, rbx
        mov     edx, 1
        mov     eax, NR_write
        syscall                                         # any byte tells the manager
        xor     edi, edi
        mov     esi, -1
        xor     edx, edx
        mov     eax, NR_close_range
        syscall
        sub     rsp, 128                                # siginfo_t, and a wait status
next_signal:
        lea     rdi, [rbx + frame_all_signals]
        mov     rsi, rsp
        xor     edx, edx
        mov     r10d, 8
        mov     eax, NR_rt_sigtimedwait
        syscall
        cmp     eax, SIGCHLD
        je      reap
        test    eax, eax
        jle     next_signal
        cmp     dword ptr [rsp + 8], 0                  # si_code: what a terminal sends, the child gets by itself
        jg      next_signal
        mov     edi, r15d
        mov     esi, eax
        mov     eax, NR_kill
        syscall
        jmp     next_signal

reap:
        mov     edi, -1
        mov     rsi, rsp
        mov     edx, WAIT_OPTIONS
        xor     r10d, r10d
        mov     eax, NR_wait4
        syscall
        test    eax, eax
        jle     next_signal
        cmp     eax, r15d
        jne     reap
        mov     eax, [rsp]
        mov     [rbx + frame_main_status], eax
        mov     dword ptr [rbx + frame_main_ended], 1
        mov     edi, eax
        and     edi, 0x7f
        jz      exited
        add     edi, 128                                # as shells tell of a signal
        jmp     exit
exited:
        movzx   edi, ah
        jmp     exit
end:
