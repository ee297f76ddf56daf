namespace ImageApi.Emulator.Generations;

/// <summary>One job. Its state follows from the clock and the queries it got; nothing runs in the background.</summary>
internal sealed class EmulatedJob(GenerationRequest request, string requestId)
{
    private volatile EmulatorFault? _fault;

    public GenerationRequest Request => request;

    public string RequestId => requestId;

    /// <summary>What goes wrong with the job from now on; null when nothing does.</summary>
    public EmulatorFault? Fault => _fault;

    /// <summary>Makes a fault last, if it is one of the job's and not of a single answer.</summary>
    public void ApplyFault(EmulatorFault? failure, bool atSubmission)
    {
        if (failure?.Kind is EmulatorFaultKind.JobFails or EmulatorFaultKind.JobNeverCompletes or EmulatorFaultKind.JobDisappears
            || (atSubmission && failure?.Kind is EmulatorFaultKind.JobIdMismatch))
        {
            _fault = failure;
        }
    }

    public string GetStatus(DateTimeOffset now, int pollCount, EmulatorOptions options)
    {
        var age = now - request.Created;
        var queueDuration = options.JobQueueDuration ?? options.JobDuration / 5;
        if (age < queueDuration)
        {
            return "queued";
        }

        if (age < options.JobDuration || pollCount < options.JobPolls || _fault?.Kind == EmulatorFaultKind.JobNeverCompletes)
        {
            return "processing";
        }

        return _fault?.Kind == EmulatorFaultKind.JobFails ? "failed" : "succeeded";
    }
}
