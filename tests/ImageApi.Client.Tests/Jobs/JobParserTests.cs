using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobParserTests
{
    [Theory]
    [InlineData("""{ "id": "a" }""")]
    [InlineData("""{ "job_id": "a" }""")]
    [InlineData("""{ "task_id": "a" }""")]
    [InlineData("""{ "id": "a", "task_id": "b" }""")]
    [InlineData("""{ "id": null, "job_id": "a" }""")]
    [InlineData("""{ "id": "", "task_id": "a" }""")]
    [InlineData("""{ "id": {}, "task_id": "a" }""")]
    [InlineData("""{ "id": "a", "id": null }""")]
    [InlineData("""{ "id": "a", "id": "a" }""")]
    [InlineData("""{ "data": { "id": "a" } }""")]
    [InlineData("""{ "code": 0, "msg": "ok", "data": { "task_id": "a", "task_status": "queued" } }""")]
    [InlineData("""{ "status": "success", "data": { "task_id": "a" } }""")]
    [InlineData("""{ "status": 200, "data": { "job_id": "a", "status": "queued" } }""")]
    public void Job_id_is_parsed_in_every_response_shape(string json) => Assert.Equal("a", ResponseParsing.ParseJob(json).Id);

    [Theory]
    [InlineData("""{ "id": 17 }""", "17")]
    [InlineData("""{ "id": 12345678901234567890123 }""", "12345678901234567890123")]
    [InlineData("""{ "task_id": 1.0 }""", "1.0")]
    public void Numeric_id_is_converted_to_a_string(string json, string id) => Assert.Equal(id, ResponseParsing.ParseJob(json).Id);

    [Theory]
    [InlineData("""{ "request_id": "req_1" }""")]
    [InlineData("""{ "status": "queued" }""")]
    [InlineData("""{ "id": null }""")]
    [InlineData("""{ "id": "  " }""")]
    [InlineData("""{ "id": [ "a" ] }""")]
    [InlineData("{}")]
    [InlineData("\"a\"")]
    [InlineData("17")]
    [InlineData("true")]
    public void Submission_response_without_a_job_id_is_unreadable(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob(json)).Kind.ToString());

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void S2_empty_content_is_an_empty_response(string json) =>
        Assert.Equal("EmptyBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob(json)).Kind.ToString());

    [Fact]
    public void Contradictory_job_ids_are_both_named_in_the_message()
    {
        var exception = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob("""{ "id": "job_a", "id": "job_b" }"""));

        Assert.Equal("Mismatch", exception.Kind.ToString());
        Assert.Contains("job_a, job_b", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void J1_response_with_a_different_job_id_is_rejected() =>
        Assert.Equal("Mismatch", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob("""{ "id": "b", "status": "done" }""", "a")).Kind.ToString());

    [Fact]
    public void J1_different_job_id_is_accepted_without_verification() =>
        Assert.Equal("a", ResponseParsing.ParseJob("""{ "id": "b", "status": "done" }""", "a", verifyJobIds: false).Id);

    [Fact]
    public void S9_response_without_an_id_gets_the_requested_job_id() => Assert.Equal("a", ResponseParsing.ParseJob("""{ "status": "done" }""", "a").Id);

    [Theory]
    [InlineData("""{ "id": "a", "status": "done" }""", "done")]
    [InlineData("""{ "id": "a", "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "task_status": "done" }""", "done")]
    [InlineData("""{ "id": "a", "output": { "status": "done" } }""", "done")]
    [InlineData("""{ "id": "a", "status": "done", "output": { "status": "running" } }""", "done")]
    [InlineData("""{ "id": "a", "status": null, "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "status": {}, "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "status": "Hibernating" }""", "Hibernating")]
    [InlineData("""{ "id": "a", "status": 3 }""", "3")]
    [InlineData("""{ "id": "a" }""", "")]
    [InlineData("""{ "id": "a", "status": true }""", "")]
    [InlineData("""{ "id": "a", "status": "a\nb" }""", "")]
    public void Status_is_kept_as_sent_by_the_server(string json, string status) => Assert.Equal(status, ResponseParsing.ParseJob(json).Status.Value);

    [Theory]
    [InlineData("""{ "id": "a", "status": "succeeded" }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "no" } }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": "no", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "code": "x" } }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": null }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": "" }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": {} }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": " ", "code": null } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "", "code": "" } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "", "code": 0 } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "hibernating", "error": "no" }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "hibernating", "error": "" }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": "hibernating" }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": 3 }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": "processing", "output": { "images": [ { "url": "https://e.x/preview" } ] } }""", JobState.Running)]
    [InlineData("""{ "id": "a", "status": "queued", "output": { "images": [ { "url": "https://e.x/preview" } ] } }""", JobState.Pending)]
    [InlineData("""{ "id": "a", "status": "processing", "error": "a warning" }""", JobState.Running)]
    [InlineData("""{ "id": "a", "status": "failed", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Failed)]
    public void State_is_corrected_by_output_or_error(string json, JobState state) => Assert.Equal(state, ResponseParsing.ParseJob(json).State);

    [Theory]
    [InlineData("""{ "id": "a", "status": "hibernating", "input": { "image_url": { "mime_type": "image/png", "data_base64": "AQID" } } }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "input": { "image_url": "data:image/png;base64,AQID" } }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": "nearly there" }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": { "images": [ { "error": "blocked" } ] } }""")]
    public void Echoed_input_or_invalid_output_does_not_imply_success(string json) => Assert.Equal(JobState.Unknown, ResponseParsing.ParseJob(json).State);

    [Theory]
    [InlineData("1710000000")]
    [InlineData("1710000000.0")]
    [InlineData("1.71e9")]
    [InlineData("1710000000000")]
    [InlineData("\"1710000000\"")]
    [InlineData("\"1710000000000\"")]
    [InlineData("\"2024-03-09T16:00:00Z\"")]
    [InlineData("\"2024-03-09T16:00:00\"")]
    [InlineData("\"2024-03-09T17:00:00+01:00\"")]
    public void Created_time_is_parsed_in_every_format(string created) =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), ResponseParsing.ParseJob($$"""{ "id": "a", "created": {{created}} }""").CreatedAt);

    [Fact]
    public void Created_time_is_parsed_from_created_at() =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), ResponseParsing.ParseJob("""{ "id": "a", "created": null, "created_at": 1710000000 }""").CreatedAt);

    [Fact]
    public void Created_time_keeps_fractional_seconds() =>
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1710000000500), ResponseParsing.ParseJob("""{ "id": "a", "created": 1710000000.5 }""").CreatedAt);

    [Theory]
    [InlineData("null")]
    [InlineData("1e30")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"NaN\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public void S8_invalid_created_time_is_null(string created) =>
        Assert.Null(ResponseParsing.ParseJob($$"""{ "id": "a", "created": {{created}} }""").CreatedAt);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("50", 50.0)]
    [InlineData("99.5", 99.5)]
    [InlineData("\"50\"", 50.0)]
    [InlineData("\"50%\"", 50.0)]
    [InlineData("\" 50 % \"", 50.0)]
    [InlineData("100", 100.0)]
    [InlineData("101", null)]
    [InlineData("-1", null)]
    [InlineData("\"half\"", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("1e400", null)]
    public void Progress_is_parsed_as_a_percentage(string progress, double? expected) =>
        Assert.Equal(expected, ResponseParsing.ParseJob($$"""{ "id": "a", "progress": {{progress}} }""").Progress);

    [Theory]
    [InlineData("""{ "id": "a", "request_id": "req_body" }""", "req_body")]
    [InlineData("""{ "request_id": "req_body", "data": { "id": "a", "request_id": "req_inner" } }""", "req_body")]
    [InlineData("""{ "data": { "id": "a", "request_id": "req_inner" } }""", "req_inner")]
    [InlineData("""{ "id": "a", "request_id": "" }""", "req_header")]
    [InlineData("""{ "id": "a" }""", "req_header")]
    public void Request_id_in_the_body_takes_precedence_over_the_header(string json, string requestId) =>
        Assert.Equal(requestId, ResponseParsing.ParseJob(json).RequestId);

    [Fact]
    public void Unknown_properties_are_kept()
    {
        var job = ResponseParsing.ParseJob("""{ "id": "a", "status": "queued", "queue_position": 7, "nested": { "x": [ 1 ] } }""");

        Assert.Equal(["nested", "queue_position"], job.AdditionalProperties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(7, job.AdditionalProperties["queue_position"].GetInt32());
    }

    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""")]
    [InlineData("""{ "error": "no" }""")]
    [InlineData("""{ "data": { "error": "no" } }""")]
    public void S1_error_instead_of_a_job_is_an_error_response(string json)
    {
        var exception = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob(json));

        Assert.Equal("ErrorInBody", exception.Kind.ToString());
        Assert.Equal("no", exception.Error!.Message);
        Assert.Null(exception.Outcome);
    }

    [Theory]
    [InlineData("""{ "code": 0, "msg": "success", "data": null }""")]
    [InlineData("""{ "code": 200, "message": "ok" }""")]
    [InlineData("""{ "job": { "id": "abc" }, "detail": "accepted" }""")]
    [InlineData("""{ "job": { "id": "abc" }, "errors": [ "none" ] }""")]
    [InlineData("""{ "data": { "detail": { "message": "accepted" } } }""")]
    public void Message_without_an_error_is_not_treated_as_a_rejection(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob(json)).Kind.ToString());

    [Fact]
    public void S1_error_with_a_job_id_gives_a_failed_job()
    {
        var job = ResponseParsing.ParseJob("""{ "id": "a", "error": { "message": "no", "code": "x", "type": "t" } }""");

        Assert.Equal(("a", JobState.Failed), (job.Id, job.State));
        Assert.Equal(("no", "x", "t"), (job.Error!.Message, job.Error.Code, job.Error.Type));
    }

    [Fact]
    public void Invalid_image_does_not_lose_the_job_id()
    {
        var job = ResponseParsing.ParseJob("""{ "id": "a", "status": "succeeded", "output": { "images": [ { "b64_json": "not base64!" }, { "b64_json": "AQID" } ] } }""");

        Assert.Equal("a", job.Id);
        Assert.NotNull(job.Output.Images[0].Error);
        Assert.Equal(new byte[] { 1, 2, 3 }, job.Output.Images[1].Data!.Value.ToArray());
    }

    [Fact]
    public void J8_failed_job_keeps_its_images() =>
        Assert.Single(ResponseParsing.ParseJob("""{ "id": "a", "status": "failed", "output": { "images": [ { "url": "https://e.x/a" } ] } }""").Output.Images);
}
