// The interpreter as a program of its own, for arm64. runner.x64.S explains it; this is the same, step by step.

        .include "interpreter.arm64.S"

        .set NR_write,           64
        .set NR_kill,            129
        .set NR_rt_sigtimedwait, 137
        .set NR_mmap,            222
        .set NR_wait4,           260
        .set NR_close_range,     436
        .set PROT_READ,          1
        .set PROT_WRITE,         2
        .set MAP_SHARED,         1
        .set MAP_PRIVATE,        2
        .set MAP_FIXED_NOREPLACE, 0x100000
        .set WAIT_OPTIONS,       0x40000001             // __WALL|WNOHANG
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
file:
        .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .quad   0
        .short  2, 183                                  // ET_EXEC, EM_AARCH64
        .long   1
        .quad   runner_base + (start - file), segments - file, 0
        .long   0
        .short  64, 56, 2, 64, 0, 0
segments:
        .long   1, 5
        .quad   0, runner_base, runner_base, end - file, end - file, 0x10000
        .long   0x6474e551, 6
        .quad   0, 0, 0, 0, 0, 16

start:
        mov     x0, #runner_program
        mov     x1, #runner_program_size
        mov     x2, #PROT_READ
        mov     x3, #MAP_PRIVATE
        movk    x3, #MAP_FIXED_NOREPLACE >> 16, lsl #16
        mov     x4, #runner_program_fd
        mov     x5, #0
        mov     x8, #NR_mmap
        svc     #0
        mov     x9, #runner_program
        cmp     x0, x9
        b.ne    unmapped
        mov     x0, #runner_frame
        mov     x1, #runner_frame_size
        mov     x2, #PROT_READ | PROT_WRITE
        mov     x3, #MAP_SHARED
        movk    x3, #MAP_FIXED_NOREPLACE >> 16, lsl #16
        mov     x4, #runner_frame_fd
        svc     #0
        mov     x19, #runner_frame
        cmp     x0, x19
        b.ne    unmapped
        ldr     x20, [x19, #frame_steps]
        ldr     x21, [x19, #frame_values]
        mov     w22, #0
        interpreter

unmapped:
        mov     x0, #126
        b       exit

parent:
        ldrb    w9, [x20, #step_flags]
        tbnz    w9, #3, init                            // Stay
        ldr     x9, [x20, #step_arguments + 16]
        cbz     x9, leave
        str     w0, [x19, x9]
leave:
        mov     x0, #0
        b       exit

init:
        mov     w23, w0                                 // w23: the child
        mov     x0, #runner_channel_fd
        mov     x1, x19
        mov     x2, #1
        mov     x8, #NR_write
        svc     #0
        mov     x0, #0
        mov     w1, #-1
        mov     x2, #0
        mov     x8, #NR_close_range
        svc     #0
        sub     sp, sp, #128
next_signal:
        add     x0, x19, #frame_all_signals
        mov     x1, sp
        mov     x2, #0
        mov     x3, #8
        mov     x8, #NR_rt_sigtimedwait
        svc     #0
        cmp     w0, #SIGCHLD
        b.eq    reap
        cmp     w0, #0
        b.le    next_signal
        ldr     w9, [sp, #8]                            // si_code
        cmp     w9, #0
        b.gt    next_signal
        mov     w1, w0
        mov     w0, w23
        mov     x8, #NR_kill
        svc     #0
        b       next_signal

reap:
        mov     w0, #-1
        mov     x1, sp
        ldr     w2, =WAIT_OPTIONS
        mov     x3, #0
        mov     x8, #NR_wait4
        svc     #0
        cmp     w0, #0
        b.le    next_signal
        cmp     w0, w23
        b.ne    reap
        ldr     w9, [sp]
        str     w9, [x19, #frame_main_status]
        mov     w10, #1
        add     x11, x19, #frame_main_ended
        stlr    w10, [x11]
        ands    w0, w9, #0x7f
        b.eq    exited
        add     w0, w0, #128
        b       exit
exited:
        ubfx    w0, w9, #8, #8
        b       exit
        .ltorg
end:
