using ImageApi.Emulator.Orders;

namespace ImageApi.Emulator.Jobs;

/// <summary>One job. Its state follows from the clock and the queries it got; nothing runs in the background.</summary>
internal sealed class EmulatedJob(Order order, string requestId)
{
    private volatile EmulatorFault? _fault;

    public Order Order => order;

    public string RequestId => requestId;

    /// <summary>What goes wrong with the job from now on; null when nothing does.</summary>
    public EmulatorFault? Fault => _fault;

    /// <summary>Makes a fault last, if it is one of the job's and not of a single answer.</summary>
    public void Keep(EmulatorFault? fault, bool atSubmission)
    {
        if (fault?.Kind is EmulatorFaultKind.JobFails or EmulatorFaultKind.JobNeverEnds or EmulatorFaultKind.JobVanishes
            || (atSubmission && fault?.Kind is EmulatorFaultKind.JobIdMismatch))
        {
            _fault = fault;
        }
    }

    public string StatusAt(DateTimeOffset now, int queries, EmulatorOptions options)
    {
        var age = now - order.Created;
        var waiting = options.JobQueueDuration ?? options.JobDuration / 5;
        if (age < waiting)
        {
            return "queued";
        }

        if (age < options.JobDuration || queries < options.JobPolls || _fault?.Kind == EmulatorFaultKind.JobNeverEnds)
        {
            return "processing";
        }

        return _fault?.Kind == EmulatorFaultKind.JobFails ? "failed" : "succeeded";
    }
}
