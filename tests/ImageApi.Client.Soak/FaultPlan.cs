using System.Text;
using ImageApi.Emulator;

namespace ImageApi.Client.Soak;

/// <summary>
/// What goes wrong is a hash of the seed, the prompt and the attempt, not of chance or time: the same seed gives the same
/// totals, however many workers there are.
/// </summary>
internal sealed class FaultPlan(ulong seed)
{
    private const int PerMille = 1000;

    public EmulatorFault? Decide(FaultContext context) => context.Endpoint switch
    {
        EmulatorEndpoint.Generation => PaidRequestFault(Roll(context)),
        EmulatorEndpoint.JobSubmission => PaidRequestFault(Roll(context)) ?? JobFault(Roll(context)),
        EmulatorEndpoint.JobPoll => JobQueryFault(Roll(context)),
        EmulatorEndpoint.MediaDownload => DownloadFault(Roll(context)),
        _ => null,
    };

    private static EmulatorFault? PaidRequestFault(int roll) => roll switch
    {
        < 50 => EmulatorFault.Status(429, "rate_limit_exceeded", retryAfter: TimeSpan.Zero),
        < 80 => EmulatorFault.Status(400, "invalid_request"),
        < 100 => EmulatorFault.Abort(),
        < 130 => EmulatorFault.ChargeThenAbort(),
        < 150 => EmulatorFault.ChargeThenStatus(502),
        < 170 => EmulatorFault.ChargeThenTruncate(),
        < 180 => EmulatorFault.Delay(TimeSpan.FromMilliseconds(50)),
        < 190 => EmulatorFault.Status(503),
        _ => null,
    };

    /// <summary>How a job ends that was accepted without trouble.</summary>
    private static EmulatorFault? JobFault(int roll) => roll switch
    {
        < 200 => EmulatorFault.JobFails(),
        < 205 => EmulatorFault.JobNeverCompletes(),
        < 210 => EmulatorFault.JobDisappears(),
        _ => null,
    };

    private static EmulatorFault? JobQueryFault(int roll) => roll switch
    {
        < 30 => EmulatorFault.Status(500),
        < 60 => EmulatorFault.Abort(),
        < 80 => EmulatorFault.Status(429, retryAfter: TimeSpan.Zero),
        < 95 => EmulatorFault.ChargeThenTruncate(),
        < 100 => EmulatorFault.JobIdMismatch(),
        _ => null,
    };

    private static EmulatorFault? DownloadFault(int roll) => roll switch
    {
        < 20 => EmulatorFault.TruncateMedia(),
        < 25 => EmulatorFault.ChargeThenStallMidBody(),
        < 40 => EmulatorFault.RedirectMedia(),
        < 50 => EmulatorFault.Abort(),
        _ => null,
    };

    private int Roll(FaultContext context)
    {
        var hash = seed ^ 0x9E3779B97F4A7C15;
        foreach (var character in Encoding.UTF8.GetBytes(context.Prompt ?? string.Empty))
        {
            hash = Mix(hash ^ character);
        }

        hash = Mix(hash ^ ((ulong)context.Endpoint << 32) ^ (ulong)context.Attempt);
        return (int)(hash % PerMille);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
