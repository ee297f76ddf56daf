namespace ImageApi.Client.Http;

/// <summary>What is at stake when a request is sent again.</summary>
internal enum OperationKind
{
    /// <summary>Costs money: is never sent again when it may have been carried out.</summary>
    Paid,

    /// <summary>Costs nothing but is no read: is sent again when its content can be repeated.</summary>
    Upload,

    /// <summary>Asks for the state of something that exists.</summary>
    Query,

    /// <summary>Fetches something that was bought.</summary>
    Download,
}
