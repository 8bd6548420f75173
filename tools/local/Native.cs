using System.Runtime.InteropServices;

namespace Im.Local;

/// <summary>The few calls of libc for which .NET has no equivalent.</summary>
internal static partial class Native
{
    private const int NoSuchProcess = 3;

    public static bool IsRoot => GetEffectiveUserId() == 0;

    /// <summary>Sends a signal; a process that is already gone is not an error.</summary>
    public static void Signal(int pid, Signal signal)
    {
        // 0 and negative numbers address whole groups, up to every process of the user.
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 2);
        if (Kill(pid, (int)signal) == 0)
            return;
        var error = Marshal.GetLastPInvokeError();
        if (error != NoSuchProcess)
            throw new InvalidOperationException($"Signal {signal} to process {pid} failed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>From now on a descendant whose parent has died becomes a child of this process instead of init's.</summary>
    public static void AdoptOrphans()
    {
        const int SetChildSubreaper = 36;
        if (ProcessControl(SetChildSubreaper, 1, 0, 0, 0) != 0)
            throw new InvalidOperationException($"adopting orphans failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}

/// <summary>Linux numbers of the signals used here.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
