# The child's interpreter for x64. ChildStub.cs carries its bytes; the tests assemble this file and compare.
#
#   long isolation_spawn(struct frame *frame)      (System V calling convention)
#
# Blocks every signal, clones as the frame says, and in the child walks the frame's steps. The child runs on a stack
# of its own, which it never uses, shares the memory with its parent and never returns. The parent gets the result
# of clone when the child has executed a program or ended (CLONE_VFORK).
#
# interpreter.x64.S has the walk itself, and the layout of frame and step.

        .intel_syntax noprefix
        .include "interpreter.x64.S"

        .set NR_rt_sigprocmask,  14
        .set SIG_SETMASK,        2

        .text
        .globl  isolation_spawn
isolation_spawn:
        endbr64
        push    rbx
        push    r12
        push    r13
        push    r14
        mov     rbx, rdi                                # rbx: the frame, in parent and child

        # A handler of the parent must not run in the child: block all signals, those of the C library too.
        mov     edi, SIG_SETMASK
        lea     rsi, [rbx + frame_all_signals]
        lea     rdx, [rbx + frame_old_signals]
        mov     r10d, 8
        mov     eax, NR_rt_sigprocmask
        syscall

        mov     rdi, [rbx + frame_clone_args]
        mov     rsi, [rbx + frame_clone_args + 8]
        mov     rdx, [rbx + frame_clone_args + 16]
        mov     r10, [rbx + frame_clone_args + 24]
        mov     r8,  [rbx + frame_clone_args + 32]
        mov     rax, [rbx + frame_clone_call]
        syscall
        test    rax, rax
        jz      child

        mov     r12, rax
        mov     edi, SIG_SETMASK
        lea     rsi, [rbx + frame_old_signals]
        xor     edx, edx
        mov     r10d, 8
        mov     eax, NR_rt_sigprocmask
        syscall
        mov     rax, r12
        pop     r14
        pop     r13
        pop     r12
        pop     rbx
        ret

child:
        mov     r12, [rbx + frame_steps]                # r12: the step
        mov     r13, [rbx + frame_values]               # r13: the values: inputs, then results
        xor     r14d, r14d                              # r14: the index of the step
        jmp     next_step

        # Only a test lets a program fork here, where it shares the memory of the manager.
parent:
        xor     edi, edi
        jmp     exit

        interpreter
