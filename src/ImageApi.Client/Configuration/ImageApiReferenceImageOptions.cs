namespace ImageApi.Client;

/// <summary>Settings for reference images that are files, bytes or streams.</summary>
public sealed class ImageApiReferenceImageOptions
{
    /// <summary>Gets or sets the size, in bytes, from which a reference image is uploaded first, as by <c>Files.UploadAsync</c>, and sent as a link.</summary>
    /// <remarks>
    /// The same bytes are uploaded once, also by calls at the same time. A stream that cannot seek travels inside the request all the same, and so does
    /// everything for whose upload the server gives no link. An upload has the time limit <see cref="ImageApiTimeoutOptions.Upload"/>; that of the call
    /// begins after it. When it fails nothing was bought: the error of the upload comes out, with the outcome <see cref="RequestOutcome.NotSent"/>.
    /// </remarks>
    /// <value>At least 1. The default is null: all travel inside the request.</value>
    public long? UploadThreshold { get; set; }

    /// <summary>Gets or sets how long the link of an upload is used again for the same bytes; less when the server says that it dies earlier.</summary>
    /// <remarks>The links of at most 1 000 uploads are kept in mind, by this client alone. A link in a request that the server refuses as wrong is forgotten at once.</remarks>
    /// <value>Zero to 45 days; with zero every call uploads anew. The default is 1 hour, a guess: how long links live is not documented.</value>
    public TimeSpan UploadCacheDuration { get; set; } = TimeSpan.FromHours(1);
}
