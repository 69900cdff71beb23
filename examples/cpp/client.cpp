#include "client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>

using namespace asktell::v1;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr seconds kCallTime{30};
constexpr seconds kPatience{300};  // how long a worker outlives an unreachable server

std::mt19937_64& randomness() {
    static std::mt19937_64 generator{std::random_device{}()};
    return generator;
}

bool transient(const grpc::Status& status) {
    return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
           status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
           status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED;
}

}  // namespace

std::string new_request_id() {
    static const char digits[] = "0123456789abcdef";
    std::string id(32, '0');
    for (char& digit : id) digit = digits[randomness()() % 16];
    return id;
}

Client::Client(const std::string& server, std::string token) : token_(std::move(token)) {
    grpc::ChannelArguments settings;
    // Come back soon after the server has restarted, rather than after gRPC's own two minutes.
    settings.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
    settings.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
    auto channel = grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), settings);
    studies_ = StudyService::NewStub(channel);
    trials_ = TrialService::NewStub(channel);
}

template <typename Stub, typename Request, typename Response>
Response Client::call(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request) {
    const auto give_up = steady_clock::now() + kPatience;
    milliseconds pause{200};
    for (;;) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + kCallTime);
        if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
        Response response;
        const grpc::Status status = (stub.*method)(&context, request, &response);
        if (status.ok()) return response;
        if (!transient(status) || steady_clock::now() > give_up) throw std::runtime_error(status.error_message());
        // Jitter, so that a hundred workers do not come back in the same instant.
        std::this_thread::sleep_for(pause / 2 + milliseconds(randomness()() % pause.count()));
        pause = std::min(pause * 2, milliseconds{10000});
    }
}

CreateStudyResponse Client::create(const CreateStudyRequest& request) {
    return call(*studies_, &StudyService::Stub::CreateStudy, request);
}
GetStudyResponse Client::get(const GetStudyRequest& request) {
    return call(*studies_, &StudyService::Stub::GetStudy, request);
}
AskTrialsResponse Client::ask(const AskTrialsRequest& request) {
    return call(*trials_, &TrialService::Stub::AskTrials, request);
}
ReportTrialResponse Client::report(const ReportTrialRequest& request) {
    return call(*trials_, &TrialService::Stub::ReportTrial, request);
}
TellTrialResponse Client::tell(const TellTrialRequest& request) {
    return call(*trials_, &TrialService::Stub::TellTrial, request);
}
GetTrialResponse Client::get(const GetTrialRequest& request) {
    return call(*trials_, &TrialService::Stub::GetTrial, request);
}
