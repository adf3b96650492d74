// The child's interpreter for arm64. ChildStub.cs carries its bytes; the tests assemble this file and compare.
// stub.x64.S explains it; this is the same, step by step.

        .include "interpreter.arm64.S"

        .set NR_rt_sigprocmask,  135
        .set SIG_SETMASK,        2

        .text
        .globl  isolation_spawn
isolation_spawn:
        hint    #34                                     // bti c
        stp     x19, x20, [sp, #-32]!
        stp     x21, x22, [sp, #16]
        mov     x19, x0                                 // x19: the frame, in parent and child

        mov     x0, #SIG_SETMASK
        add     x1, x19, #frame_all_signals
        add     x2, x19, #frame_old_signals
        mov     x3, #8
        mov     x8, #NR_rt_sigprocmask
        svc     #0

        ldp     x0, x1, [x19, #frame_clone_args]
        ldp     x2, x3, [x19, #frame_clone_args + 16]
        ldr     x4, [x19, #frame_clone_args + 32]
        ldr     x8, [x19, #frame_clone_call]
        svc     #0
        cbz     x0, child

        mov     x20, x0
        mov     x0, #SIG_SETMASK
        add     x1, x19, #frame_old_signals
        mov     x2, #0
        mov     x3, #8
        mov     x8, #NR_rt_sigprocmask
        svc     #0
        mov     x0, x20
        ldp     x21, x22, [sp, #16]
        ldp     x19, x20, [sp], #32
        ret

child:
        ldr     x20, [x19, #frame_steps]                // x20: the step
        ldr     x21, [x19, #frame_values]               // x21: the values: inputs, then results
        mov     w22, #0                                 // w22: the index of the step
        b       next_step

parent:
        mov     x0, #0
        b       exit

        interpreter
