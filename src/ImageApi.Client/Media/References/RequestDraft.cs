namespace ImageApi.Client.Media.References;

/// <summary>A request that is yet to be written. It is a class, so that programs hold the code that waits for it once.</summary>
internal sealed class RequestDraft<TRequest>(TRequest request, ReferenceImageUploader? uploads)
    where TRequest : class
{
    public TRequest Request => request;

    /// <summary>Gets who uploads large references; null when nobody does.</summary>
    public ReferenceImageUploader? Uploads => uploads;
}
