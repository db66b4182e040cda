using AutoDiff.Optimization;

namespace AutoDiff.Tests.Optimization;

/// <summary>A test that is left out, with the reason, where Ipopt is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsIpoptFactAttribute : FactAttribute
{
    public NeedsIpoptFactAttribute() => Skip = NeedsIpopt.Reason;
}

/// <summary>A theory that is left out, with the reason, where Ipopt is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsIpoptTheoryAttribute : TheoryAttribute
{
    public NeedsIpoptTheoryAttribute() => Skip = NeedsIpopt.Reason;
}

internal static class NeedsIpopt
{
    public static string? Reason => IpoptLibrary.IsInstalled ? null : "Ipopt is not installed (on Debian and Ubuntu: apt-get install coinor-libipopt1v5).";
}
